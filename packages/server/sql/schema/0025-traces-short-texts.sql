-- Lengths of texts stand with the texts and not in a file of their own: less to write, merge and open (docs/decisions/003).
-- needs: string_serialization_version
ALTER TABLE traces MODIFY SETTING string_serialization_version = 'single_stream'

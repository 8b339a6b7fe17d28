-- How much text spans hold that may be prompts, completions and tool payloads.
-- in:  which rows of `spans`
-- out: span in hex, bytes; a span that was sent twice comes with the larger
SELECT
  lower(hex(span_id)) AS span,
  toFloat64(max(
    arraySum(arrayMap(value -> length(value), mapValues(content)))
    + arraySum(arrayMap(value -> length(value), mapValues(attributes)))
    + arraySum(arrayMap(attribute -> arraySum(arrayMap(value -> length(value), mapValues(attribute))), events.attributes))
  )) AS bytes
FROM spans
WHERE true /*:rows*/
GROUP BY span_id

-- Different values of one field.
-- in:  the field, the table it is read from, which rows; most UInt32
-- out: value, as text, in any order; empty ones are left out
SELECT DISTINCT value
FROM (
  SELECT toString(/*:value*/) AS value
  FROM /*:table*/
  WHERE true /*:condition*/
)
WHERE value != ''
LIMIT {most:UInt32}

-- Names of attributes that some points carry.
-- in:  which rows of `metric_points`; rows_read, most UInt32: so many of them are looked at, and so many names told
-- out: one row: attribute_names
SELECT arraySlice(arraySort(groupUniqArrayArray(mapKeys(attributes))), 1, {most:UInt32}) AS attribute_names
FROM (SELECT attributes FROM metric_points WHERE true /*:rows*/ LIMIT {rows_read:UInt32})

-- GRW001
WITH printed AS (
  SELECT
    '' AS `area`,
    COALESCE(`indicator`, '') AS `indicator`,
    COALESCE(`period`, '') AS `period`,
    COALESCE(`measure`, '') AS `measure`,
    COALESCE(`comparison`, '') AS `comparison`,
    '' AS `of`,
    '' AS `among`,
    COALESCE(`price`, '') AS `price`,
    COALESCE(`scope`, '') AS `scope`,
    COALESCE(`adjustment`, '') AS `adjustment`,
    COALESCE(`status`, '') AS `status`,
    COALESCE(`release`, '') AS `release`,
    COALESCE(`dimension`, '') AS `dimension`,
    COALESCE(`rounding`, '') AS `rounding`,
    COALESCE(`sign`, '') AS `sign`,
    '' AS `soft_lower`,
    '' AS `hedge`,
    CASE WHEN split_part(`point`, '/', 2) = '' THEN CAST(`point` AS DOUBLE) ELSE CAST(split_part(`point`, '/', 1) AS DOUBLE) / CAST(split_part(`point`, '/', 2) AS DOUBLE) END AS point,
    CASE WHEN split_part(`lower`, '/', 2) = '' THEN CAST(`lower` AS DOUBLE) ELSE CAST(split_part(`lower`, '/', 1) AS DOUBLE) / CAST(split_part(`lower`, '/', 2) AS DOUBLE) END AS lower,
    CASE WHEN split_part(`upper`, '/', 2) = '' THEN CAST(`upper` AS DOUBLE) ELSE CAST(split_part(`upper`, '/', 1) AS DOUBLE) / CAST(split_part(`upper`, '/', 2) AS DOUBLE) END AS upper
  FROM `stats`.`figures`
  WHERE COALESCE(`point`, '') <> ''
),
figures AS (
  SELECT *,
    CASE WHEN `rounding` = 'unknown' AND `soft_lower` = '' AND `hedge` = '' AND upper > lower THEN GREATEST(CASE WHEN `sign` = 'nonnegative' AND `measure` IN ('level', 'share') THEN 0.0 ELSE lower - (2 * GREATEST(upper - point, point - lower)) END, CASE WHEN point > 0 THEN point WHEN point < 0 THEN point - (2 * GREATEST(upper - point, point - lower)) ELSE -(2 * GREATEST(upper - point, point - lower)) END) ELSE lower END AS lower_cut,
    CASE WHEN `rounding` = 'unknown' AND `soft_lower` = '' AND `hedge` = '' AND upper > lower THEN CASE WHEN point < 0 THEN point ELSE point + (2 * GREATEST(upper - point, point - lower)) END ELSE upper END AS upper_cut,
    CASE WHEN `rounding` = 'unknown' AND `soft_lower` = '' AND `hedge` = '' AND upper > lower THEN GREATEST(CASE WHEN `sign` = 'nonnegative' AND `measure` IN ('level', 'share') THEN 0.0 ELSE lower - (2 * GREATEST(upper - point, point - lower)) END, point - 0.55 * (2 * GREATEST(upper - point, point - lower))) ELSE lower END AS lower_twice,
    CASE WHEN `rounding` = 'unknown' AND `soft_lower` = '' AND `hedge` = '' AND upper > lower THEN point + 0.55 * (2 * GREATEST(upper - point, point - lower)) ELSE upper END AS upper_twice
  FROM printed
),
quantities AS (
  SELECT `area`, `indicator`, `period`, `measure`, `comparison`, `of`, `among`, `price`, `scope`, `adjustment`, `status`, `release`,
    MIN(point) AS point, MAX(`dimension`) AS dim, MAX(lower) AS lower, MIN(upper) AS upper, MAX(lower_cut) AS lower_cut, MIN(upper_cut) AS upper_cut, MAX(lower_twice) AS lower_twice, MIN(upper_twice) AS upper_twice
  FROM figures
  GROUP BY `area`, `indicator`, `period`, `measure`, `comparison`, `of`, `among`, `price`, `scope`, `adjustment`, `status`, `release`
  HAVING MAX(lower) <= MIN(upper) AND MIN(`dimension`) = MAX(`dimension`)
),
statements AS (
  SELECT * FROM (VALUES
    (1, '出口', '2023', 'level', '', '', '', 'current', 'fixed', 'unknown', 'actual', '2024', 'currency:CNY'),
    (2, '出口', '2024', 'level', '', '', '', 'current', 'fixed', 'unknown', 'actual', '2024', 'currency:CNY'),
    (3, '出口', '2024', 'growth', 'yoy', '', '', 'current', 'fixed', 'unknown', 'actual', '2024', 'ratio')
  ) AS statements_rows (sid, `indicator`, `period`, `measure`, `comparison`, `of`, `among`, `price`, `scope`, `adjustment`, `status`, `release`, dim)
),
options AS (
  SELECT * FROM (VALUES
    (2, 1, 3)
  ) AS options_rows (z_sid, x_sid, y_sid)
)
SELECT z.`area`, z_said.`indicator` AS z_indicator, z_said.`period` AS z_period, z_said.`measure` AS z_measure, x_said.`indicator` AS x_indicator, x_said.`period` AS x_period, x_said.`measure` AS x_measure, y_said.`indicator` AS y_indicator, y_said.`period` AS y_period, y_said.`measure` AS y_measure, z.lower AS z_lower, z.upper AS z_upper, x.lower AS x_lower, x.upper AS x_upper, y.lower AS y_lower, y.upper AS y_upper
FROM options
  JOIN statements AS z_said ON z_said.sid = options.z_sid
  JOIN quantities AS z ON z.`indicator` = z_said.`indicator` AND z.`period` = z_said.`period` AND z.`measure` = z_said.`measure` AND z.`comparison` = z_said.`comparison` AND z.`of` = z_said.`of` AND z.`among` = z_said.`among` AND z.`price` = z_said.`price` AND z.`scope` = z_said.`scope` AND z.`adjustment` = z_said.`adjustment` AND z.`status` = z_said.`status` AND z.`release` = z_said.`release` AND z.dim = z_said.dim
  JOIN statements AS x_said ON x_said.sid = options.x_sid
  JOIN quantities AS x ON x.`indicator` = x_said.`indicator` AND x.`period` = x_said.`period` AND x.`measure` = x_said.`measure` AND x.`comparison` = x_said.`comparison` AND x.`of` = x_said.`of` AND x.`among` = x_said.`among` AND x.`price` = x_said.`price` AND x.`scope` = x_said.`scope` AND x.`adjustment` = x_said.`adjustment` AND x.`status` = x_said.`status` AND x.`release` = x_said.`release` AND x.dim = x_said.dim AND x.`area` = z.`area`
  JOIN statements AS y_said ON y_said.sid = options.y_sid
  JOIN quantities AS y ON y.`indicator` = y_said.`indicator` AND y.`period` = y_said.`period` AND y.`measure` = y_said.`measure` AND y.`comparison` = y_said.`comparison` AND y.`of` = y_said.`of` AND y.`among` = y_said.`among` AND y.`price` = y_said.`price` AND y.`scope` = y_said.`scope` AND y.`adjustment` = y_said.`adjustment` AND y.`status` = y_said.`status` AND y.`release` = y_said.`release` AND y.dim = y_said.dim AND y.`area` = z.`area`
WHERE x.lower > 0
  AND (z.upper + 1e-9 * (ABS(z.lower) + ABS(z.upper) + ABS(LEAST(x.lower * (1.0 + 1.0 * y.lower), x.lower * (1.0 + 1.0 * y.upper), x.upper * (1.0 + 1.0 * y.lower), x.upper * (1.0 + 1.0 * y.upper))) + ABS(GREATEST(x.lower * (1.0 + 1.0 * y.lower), x.lower * (1.0 + 1.0 * y.upper), x.upper * (1.0 + 1.0 * y.lower), x.upper * (1.0 + 1.0 * y.upper)))) < LEAST(x.lower * (1.0 + 1.0 * y.lower), x.lower * (1.0 + 1.0 * y.upper), x.upper * (1.0 + 1.0 * y.lower), x.upper * (1.0 + 1.0 * y.upper)) OR GREATEST(x.lower * (1.0 + 1.0 * y.lower), x.lower * (1.0 + 1.0 * y.upper), x.upper * (1.0 + 1.0 * y.lower), x.upper * (1.0 + 1.0 * y.upper)) + 1e-9 * (ABS(z.lower) + ABS(z.upper) + ABS(LEAST(x.lower * (1.0 + 1.0 * y.lower), x.lower * (1.0 + 1.0 * y.upper), x.upper * (1.0 + 1.0 * y.lower), x.upper * (1.0 + 1.0 * y.upper))) + ABS(GREATEST(x.lower * (1.0 + 1.0 * y.lower), x.lower * (1.0 + 1.0 * y.upper), x.upper * (1.0 + 1.0 * y.lower), x.upper * (1.0 + 1.0 * y.upper)))) < z.lower)
  AND (z.upper_cut + 1e-9 * (ABS(z.lower_cut) + ABS(z.upper_cut) + ABS(LEAST(x.lower_cut * (1.0 + 1.0 * y.lower_cut), x.lower_cut * (1.0 + 1.0 * y.upper_cut), x.upper_cut * (1.0 + 1.0 * y.lower_cut), x.upper_cut * (1.0 + 1.0 * y.upper_cut))) + ABS(GREATEST(x.lower_cut * (1.0 + 1.0 * y.lower_cut), x.lower_cut * (1.0 + 1.0 * y.upper_cut), x.upper_cut * (1.0 + 1.0 * y.lower_cut), x.upper_cut * (1.0 + 1.0 * y.upper_cut)))) < LEAST(x.lower_cut * (1.0 + 1.0 * y.lower_cut), x.lower_cut * (1.0 + 1.0 * y.upper_cut), x.upper_cut * (1.0 + 1.0 * y.lower_cut), x.upper_cut * (1.0 + 1.0 * y.upper_cut)) OR GREATEST(x.lower_cut * (1.0 + 1.0 * y.lower_cut), x.lower_cut * (1.0 + 1.0 * y.upper_cut), x.upper_cut * (1.0 + 1.0 * y.lower_cut), x.upper_cut * (1.0 + 1.0 * y.upper_cut)) + 1e-9 * (ABS(z.lower_cut) + ABS(z.upper_cut) + ABS(LEAST(x.lower_cut * (1.0 + 1.0 * y.lower_cut), x.lower_cut * (1.0 + 1.0 * y.upper_cut), x.upper_cut * (1.0 + 1.0 * y.lower_cut), x.upper_cut * (1.0 + 1.0 * y.upper_cut))) + ABS(GREATEST(x.lower_cut * (1.0 + 1.0 * y.lower_cut), x.lower_cut * (1.0 + 1.0 * y.upper_cut), x.upper_cut * (1.0 + 1.0 * y.lower_cut), x.upper_cut * (1.0 + 1.0 * y.upper_cut)))) < z.lower_cut)
  AND (z.upper_twice + 1e-9 * (ABS(z.lower_twice) + ABS(z.upper_twice) + ABS(LEAST(x.lower_twice * (1.0 + 1.0 * y.lower_twice), x.lower_twice * (1.0 + 1.0 * y.upper_twice), x.upper_twice * (1.0 + 1.0 * y.lower_twice), x.upper_twice * (1.0 + 1.0 * y.upper_twice))) + ABS(GREATEST(x.lower_twice * (1.0 + 1.0 * y.lower_twice), x.lower_twice * (1.0 + 1.0 * y.upper_twice), x.upper_twice * (1.0 + 1.0 * y.lower_twice), x.upper_twice * (1.0 + 1.0 * y.upper_twice)))) < LEAST(x.lower_twice * (1.0 + 1.0 * y.lower_twice), x.lower_twice * (1.0 + 1.0 * y.upper_twice), x.upper_twice * (1.0 + 1.0 * y.lower_twice), x.upper_twice * (1.0 + 1.0 * y.upper_twice)) OR GREATEST(x.lower_twice * (1.0 + 1.0 * y.lower_twice), x.lower_twice * (1.0 + 1.0 * y.upper_twice), x.upper_twice * (1.0 + 1.0 * y.lower_twice), x.upper_twice * (1.0 + 1.0 * y.upper_twice)) + 1e-9 * (ABS(z.lower_twice) + ABS(z.upper_twice) + ABS(LEAST(x.lower_twice * (1.0 + 1.0 * y.lower_twice), x.lower_twice * (1.0 + 1.0 * y.upper_twice), x.upper_twice * (1.0 + 1.0 * y.lower_twice), x.upper_twice * (1.0 + 1.0 * y.upper_twice))) + ABS(GREATEST(x.lower_twice * (1.0 + 1.0 * y.lower_twice), x.lower_twice * (1.0 + 1.0 * y.upper_twice), x.upper_twice * (1.0 + 1.0 * y.lower_twice), x.upper_twice * (1.0 + 1.0 * y.upper_twice)))) < z.lower_twice)

-- REQ001
SELECT '' AS `area`, COALESCE(`indicator`, '') AS `indicator`, COALESCE(`period`, '') AS `period`, COALESCE(`measure`, '') AS `measure`, COALESCE(`value`, '') AS `value`, COALESCE(`unit`, '') AS `unit`, COALESCE(`file`, '') AS `file`, COALESCE(`line`, '') AS `line` FROM `stats`.`figures`
WHERE (COALESCE(`value`, '') IN ('', 'unknown'))

-- RNG001
SELECT '' AS `area`, COALESCE(`indicator`, '') AS `indicator`, COALESCE(`period`, '') AS `period`, COALESCE(`measure`, '') AS `measure`, COALESCE(`value`, '') AS `value`, COALESCE(`unit`, '') AS `unit`, COALESCE(`file`, '') AS `file`, COALESCE(`line`, '') AS `line` FROM `stats`.`figures`
WHERE `lower` <> ''
  AND COALESCE(`measure`, '') IN ('share')
  AND COALESCE(`sign`, '') IN ('nonnegative')
  AND COALESCE(`dimension`, '') IN ('ratio')
  AND (CASE WHEN split_part(`upper`, '/', 2) = '' THEN CAST(`upper` AS DOUBLE) ELSE CAST(split_part(`upper`, '/', 1) AS DOUBLE) / CAST(split_part(`upper`, '/', 2) AS DOUBLE) END < 0.0 OR CASE WHEN split_part(`lower`, '/', 2) = '' THEN CAST(`lower` AS DOUBLE) ELSE CAST(split_part(`lower`, '/', 1) AS DOUBLE) / CAST(split_part(`lower`, '/', 2) AS DOUBLE) END > 1.0)

-- RNG002
SELECT '' AS `area`, COALESCE(`indicator`, '') AS `indicator`, COALESCE(`period`, '') AS `period`, COALESCE(`measure`, '') AS `measure`, COALESCE(`value`, '') AS `value`, COALESCE(`unit`, '') AS `unit`, COALESCE(`file`, '') AS `file`, COALESCE(`line`, '') AS `line` FROM `stats`.`figures`
WHERE `lower` <> ''
  AND COALESCE(`measure`, '') IN ('share')
  AND COALESCE(`sign`, '') IN ('unknown')
  AND COALESCE(`dimension`, '') IN ('ratio')
  AND (CASE WHEN split_part(`upper`, '/', 2) = '' THEN CAST(`upper` AS DOUBLE) ELSE CAST(split_part(`upper`, '/', 1) AS DOUBLE) / CAST(split_part(`upper`, '/', 2) AS DOUBLE) END < 0.0 OR CASE WHEN split_part(`lower`, '/', 2) = '' THEN CAST(`lower` AS DOUBLE) ELSE CAST(split_part(`lower`, '/', 1) AS DOUBLE) / CAST(split_part(`lower`, '/', 2) AS DOUBLE) END > 1.0)

-- RNG003
SELECT '' AS `area`, COALESCE(`indicator`, '') AS `indicator`, COALESCE(`period`, '') AS `period`, COALESCE(`measure`, '') AS `measure`, COALESCE(`value`, '') AS `value`, COALESCE(`unit`, '') AS `unit`, COALESCE(`file`, '') AS `file`, COALESCE(`line`, '') AS `line` FROM `stats`.`figures`
WHERE `lower` <> ''
  AND COALESCE(`measure`, '') IN ('level')
  AND COALESCE(`sign`, '') IN ('nonnegative')
  AND (CASE WHEN split_part(`upper`, '/', 2) = '' THEN CAST(`upper` AS DOUBLE) ELSE CAST(split_part(`upper`, '/', 1) AS DOUBLE) / CAST(split_part(`upper`, '/', 2) AS DOUBLE) END < 0.0)

-- RNG004
SELECT '' AS `area`, COALESCE(`indicator`, '') AS `indicator`, COALESCE(`period`, '') AS `period`, COALESCE(`measure`, '') AS `measure`, COALESCE(`value`, '') AS `value`, COALESCE(`unit`, '') AS `unit`, COALESCE(`file`, '') AS `file`, COALESCE(`line`, '') AS `line` FROM `stats`.`figures`
WHERE `lower` <> ''
  AND COALESCE(`measure`, '') IN ('growth')
  AND COALESCE(`sign`, '') IN ('nonnegative')
  AND COALESCE(`dimension`, '') IN ('ratio')
  AND (CASE WHEN split_part(`upper`, '/', 2) = '' THEN CAST(`upper` AS DOUBLE) ELSE CAST(split_part(`upper`, '/', 1) AS DOUBLE) / CAST(split_part(`upper`, '/', 2) AS DOUBLE) END < -1.0)

-- SUM001
WITH printed AS (
  SELECT
    '' AS `area`,
    COALESCE(`indicator`, '') AS `indicator`,
    COALESCE(`period`, '') AS `period`,
    COALESCE(`measure`, '') AS `measure`,
    COALESCE(`comparison`, '') AS `comparison`,
    '' AS `of`,
    '' AS `among`,
    COALESCE(`price`, '') AS `price`,
    COALESCE(`scope`, '') AS `scope`,
    COALESCE(`adjustment`, '') AS `adjustment`,
    COALESCE(`status`, '') AS `status`,
    COALESCE(`release`, '') AS `release`,
    COALESCE(`dimension`, '') AS `dimension`,
    COALESCE(`rounding`, '') AS `rounding`,
    COALESCE(`sign`, '') AS `sign`,
    '' AS `soft_lower`,
    '' AS `hedge`,
    CASE WHEN split_part(`point`, '/', 2) = '' THEN CAST(`point` AS DOUBLE) ELSE CAST(split_part(`point`, '/', 1) AS DOUBLE) / CAST(split_part(`point`, '/', 2) AS DOUBLE) END AS point,
    CASE WHEN split_part(`lower`, '/', 2) = '' THEN CAST(`lower` AS DOUBLE) ELSE CAST(split_part(`lower`, '/', 1) AS DOUBLE) / CAST(split_part(`lower`, '/', 2) AS DOUBLE) END AS lower,
    CASE WHEN split_part(`upper`, '/', 2) = '' THEN CAST(`upper` AS DOUBLE) ELSE CAST(split_part(`upper`, '/', 1) AS DOUBLE) / CAST(split_part(`upper`, '/', 2) AS DOUBLE) END AS upper
  FROM `stats`.`figures`
  WHERE COALESCE(`point`, '') <> ''
),
figures AS (
  SELECT *,
    CASE WHEN `rounding` = 'unknown' AND `soft_lower` = '' AND `hedge` = '' AND upper > lower THEN GREATEST(CASE WHEN `sign` = 'nonnegative' AND `measure` IN ('level', 'share') THEN 0.0 ELSE lower - (2 * GREATEST(upper - point, point - lower)) END, CASE WHEN point > 0 THEN point WHEN point < 0 THEN point - (2 * GREATEST(upper - point, point - lower)) ELSE -(2 * GREATEST(upper - point, point - lower)) END) ELSE lower END AS lower_cut,
    CASE WHEN `rounding` = 'unknown' AND `soft_lower` = '' AND `hedge` = '' AND upper > lower THEN CASE WHEN point < 0 THEN point ELSE point + (2 * GREATEST(upper - point, point - lower)) END ELSE upper END AS upper_cut,
    CASE WHEN `rounding` = 'unknown' AND `soft_lower` = '' AND `hedge` = '' AND upper > lower THEN GREATEST(CASE WHEN `sign` = 'nonnegative' AND `measure` IN ('level', 'share') THEN 0.0 ELSE lower - (2 * GREATEST(upper - point, point - lower)) END, point - 0.55 * (2 * GREATEST(upper - point, point - lower))) ELSE lower END AS lower_twice,
    CASE WHEN `rounding` = 'unknown' AND `soft_lower` = '' AND `hedge` = '' AND upper > lower THEN point + 0.55 * (2 * GREATEST(upper - point, point - lower)) ELSE upper END AS upper_twice
  FROM printed
),
quantities AS (
  SELECT `area`, `indicator`, `period`, `measure`, `comparison`, `of`, `among`, `price`, `scope`, `adjustment`, `status`, `release`,
    MIN(point) AS point, MAX(`dimension`) AS dim, MAX(lower) AS lower, MIN(upper) AS upper, MAX(lower_cut) AS lower_cut, MIN(upper_cut) AS upper_cut, MAX(lower_twice) AS lower_twice, MIN(upper_twice) AS upper_twice
  FROM figures
  GROUP BY `area`, `indicator`, `period`, `measure`, `comparison`, `of`, `among`, `price`, `scope`, `adjustment`, `status`, `release`
  HAVING MAX(lower) <= MIN(upper) AND MIN(`dimension`) = MAX(`dimension`)
),
statements AS (
  SELECT * FROM (VALUES
    (0, '进出口', '2024', 'level', '', '', '', 'current', 'fixed', 'unknown', 'actual', '2024', 'currency:CNY'),
    (2, '出口', '2024', 'level', '', '', '', 'current', 'fixed', 'unknown', 'actual', '2024', 'currency:CNY'),
    (4, '进口', '2024', 'level', '', '', '', 'current', 'fixed', 'unknown', 'actual', '2024', 'currency:CNY')
  ) AS statements_rows (sid, `indicator`, `period`, `measure`, `comparison`, `of`, `among`, `price`, `scope`, `adjustment`, `status`, `release`, dim)
),
options AS (
  SELECT * FROM (VALUES
    (0, 0, 2, 1, 2),
    (0, 0, 4, 1, 2)
  ) AS options_rows (relation, z_sid, x_sid, coef, parts)
),
added AS (
  SELECT options.relation, options.z_sid, x.`area`,
    SUM(options.coef * CASE WHEN options.coef < 0 THEN x.upper ELSE x.lower END) AS lower,
    SUM(options.coef * CASE WHEN options.coef < 0 THEN x.upper_cut ELSE x.lower_cut END) AS lower_cut,
    SUM(options.coef * CASE WHEN options.coef < 0 THEN x.upper_twice ELSE x.lower_twice END) AS lower_twice,
    SUM(options.coef * CASE WHEN options.coef < 0 THEN x.lower ELSE x.upper END) AS upper,
    SUM(options.coef * CASE WHEN options.coef < 0 THEN x.lower_cut ELSE x.upper_cut END) AS upper_cut,
    SUM(options.coef * CASE WHEN options.coef < 0 THEN x.lower_twice ELSE x.upper_twice END) AS upper_twice
  FROM options
  JOIN statements AS x_said ON x_said.sid = options.x_sid
  JOIN quantities AS x ON x.`indicator` = x_said.`indicator` AND x.`period` = x_said.`period` AND x.`measure` = x_said.`measure` AND x.`comparison` = x_said.`comparison` AND x.`of` = x_said.`of` AND x.`among` = x_said.`among` AND x.`price` = x_said.`price` AND x.`scope` = x_said.`scope` AND x.`adjustment` = x_said.`adjustment` AND x.`status` = x_said.`status` AND x.`release` = x_said.`release` AND x.dim = x_said.dim
  GROUP BY options.relation, options.z_sid, options.parts, x.`area`
  HAVING COUNT(*) = options.parts
)
SELECT added.`area`, z_said.`indicator` AS z_indicator, z_said.`period` AS z_period, z_said.`measure` AS z_measure,
  z.lower AS z_lower, z.upper AS z_upper, added.lower AS parts_lower, added.upper AS parts_upper
FROM added
  JOIN statements AS z_said ON z_said.sid = added.z_sid
  JOIN quantities AS z ON z.`indicator` = z_said.`indicator` AND z.`period` = z_said.`period` AND z.`measure` = z_said.`measure` AND z.`comparison` = z_said.`comparison` AND z.`of` = z_said.`of` AND z.`among` = z_said.`among` AND z.`price` = z_said.`price` AND z.`scope` = z_said.`scope` AND z.`adjustment` = z_said.`adjustment` AND z.`status` = z_said.`status` AND z.`release` = z_said.`release` AND z.dim = z_said.dim AND z.`area` = added.`area`
WHERE (z.upper + 1e-9 * (ABS(z.lower) + ABS(z.upper) + ABS((0.0 + added.lower)) + ABS((0.0 + added.upper))) < (0.0 + added.lower) OR (0.0 + added.upper) + 1e-9 * (ABS(z.lower) + ABS(z.upper) + ABS((0.0 + added.lower)) + ABS((0.0 + added.upper))) < z.lower)
  AND (z.upper_cut + 1e-9 * (ABS(z.lower_cut) + ABS(z.upper_cut) + ABS((0.0 + added.lower_cut)) + ABS((0.0 + added.upper_cut))) < (0.0 + added.lower_cut) OR (0.0 + added.upper_cut) + 1e-9 * (ABS(z.lower_cut) + ABS(z.upper_cut) + ABS((0.0 + added.lower_cut)) + ABS((0.0 + added.upper_cut))) < z.lower_cut)
  AND (z.upper_twice + 1e-9 * (ABS(z.lower_twice) + ABS(z.upper_twice) + ABS((0.0 + added.lower_twice)) + ABS((0.0 + added.upper_twice))) < (0.0 + added.lower_twice) OR (0.0 + added.upper_twice) + 1e-9 * (ABS(z.lower_twice) + ABS(z.upper_twice) + ABS((0.0 + added.lower_twice)) + ABS((0.0 + added.upper_twice))) < z.lower_twice)

-- UNQ001
SELECT `area`, `indicator`, `period`, `measure`, `comparison`, `of`, `among`, `price`, `scope`, `adjustment`, `status`, `release`, `source`, `occurrence`, COUNT(*) AS copies FROM (SELECT '' AS `area`, COALESCE(`indicator`, '') AS `indicator`, COALESCE(`period`, '') AS `period`, COALESCE(`measure`, '') AS `measure`, COALESCE(`comparison`, '') AS `comparison`, '' AS `of`, '' AS `among`, COALESCE(`price`, '') AS `price`, COALESCE(`scope`, '') AS `scope`, COALESCE(`adjustment`, '') AS `adjustment`, COALESCE(`status`, '') AS `status`, COALESCE(`release`, '') AS `release`, '' AS `source`, '' AS `occurrence` FROM `stats`.`figures` WHERE COALESCE(`value`, '') <> '') AS seen GROUP BY `area`, `indicator`, `period`, `measure`, `comparison`, `of`, `among`, `price`, `scope`, `adjustment`, `status`, `release`, `source`, `occurrence` HAVING COUNT(*) > 1

-- new_statements
WITH known AS (
  SELECT * FROM (VALUES
    ('进出口', '2024', 'level', '', '', '', 'current', 'fixed', 'unknown', 'actual', '2024'),
    ('出口', '2023', 'level', '', '', '', 'current', 'fixed', 'unknown', 'actual', '2024'),
    ('出口', '2024', 'level', '', '', '', 'current', 'fixed', 'unknown', 'actual', '2024'),
    ('出口', '2024', 'growth', 'yoy', '', '', 'current', 'fixed', 'unknown', 'actual', '2024'),
    ('进口', '2024', 'level', '', '', '', 'current', 'fixed', 'unknown', 'actual', '2024')
  ) AS known_rows (`indicator`, `period`, `measure`, `comparison`, `of`, `among`, `price`, `scope`, `adjustment`, `status`, `release`)
)
SELECT DISTINCT found.* FROM (
  SELECT COALESCE(`indicator`, '') AS `indicator`, COALESCE(`period`, '') AS `period`, COALESCE(`measure`, '') AS `measure`, COALESCE(`comparison`, '') AS `comparison`, '' AS `of`, '' AS `among`, COALESCE(`price`, '') AS `price`, COALESCE(`scope`, '') AS `scope`, COALESCE(`adjustment`, '') AS `adjustment`, COALESCE(`status`, '') AS `status`, COALESCE(`release`, '') AS `release` FROM `stats`.`figures`
) AS found
LEFT JOIN known ON known.`indicator` = found.`indicator` AND known.`period` = found.`period` AND known.`measure` = found.`measure` AND known.`comparison` = found.`comparison` AND known.`of` = found.`of` AND known.`among` = found.`among` AND known.`price` = found.`price` AND known.`scope` = found.`scope` AND known.`adjustment` = found.`adjustment` AND known.`status` = found.`status` AND known.`release` = found.`release`
WHERE known.`indicator` IS NULL

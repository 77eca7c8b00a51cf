-- AGR001
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
    COALESCE(`nature`, '') AS `nature`,
    CASE WHEN split_part(`point`, '/', 2) = '' THEN CAST(NULLIF(`point`, '') AS DOUBLE) ELSE CAST(split_part(`point`, '/', 1) AS DOUBLE) / CAST(split_part(`point`, '/', 2) AS DOUBLE) END AS point,
    CASE WHEN split_part(`lower`, '/', 2) = '' THEN CAST(NULLIF(`lower`, '') AS DOUBLE) ELSE CAST(split_part(`lower`, '/', 1) AS DOUBLE) / CAST(split_part(`lower`, '/', 2) AS DOUBLE) END AS lower,
    CASE WHEN split_part(`upper`, '/', 2) = '' THEN CAST(NULLIF(`upper`, '') AS DOUBLE) ELSE CAST(split_part(`upper`, '/', 1) AS DOUBLE) / CAST(split_part(`upper`, '/', 2) AS DOUBLE) END AS upper,
    CASE WHEN COALESCE(`rounding`, '') = 'unknown' AND '' = '' AND '' = '' THEN 1 ELSE 0 END AS undeclared,
    CASE WHEN COALESCE(`measure`, '') = 'growth' AND (COALESCE(`unit`, '') LIKE '%倍%' OR COALESCE(`value`, '') LIKE '%倍%') THEN 1.0 ELSE 0.0 END AS loose,
    CASE WHEN COALESCE(`rounding`, '') = 'unknown' AND COALESCE(`zeros`, '') = 'kept' AND '' = '' AND COALESCE(`value`, '') NOT LIKE '%.%' THEN 0 ELSE 1 END AS fine,
    CASE WHEN COALESCE(`lower_open`, '') = 'true' THEN CASE WHEN split_part(`lower`, '/', 2) = '' THEN CAST(NULLIF(`lower`, '') AS DOUBLE) ELSE CAST(split_part(`lower`, '/', 1) AS DOUBLE) / CAST(split_part(`lower`, '/', 2) AS DOUBLE) END END AS lower_beyond,
    CASE WHEN COALESCE(`upper_open`, '') = 'true' THEN CASE WHEN split_part(`upper`, '/', 2) = '' THEN CAST(NULLIF(`upper`, '') AS DOUBLE) ELSE CAST(split_part(`upper`, '/', 1) AS DOUBLE) / CAST(split_part(`upper`, '/', 2) AS DOUBLE) END END AS upper_beyond
  FROM `stats`.`figures`
  WHERE COALESCE(`point`, '') <> ''
),
figures AS (
  SELECT *,
    2 * GREATEST(upper - point, point - lower) AS step,
    CASE WHEN lower = upper AND COALESCE(lower_beyond, upper_beyond) IS NOT NULL THEN lower END AS thin,
    lower AS from_said,
    upper AS to_said,
    CASE WHEN undeclared = 1 AND upper > lower THEN GREATEST(CASE WHEN `sign` = 'nonnegative' AND `measure` IN ('level', 'share') THEN 0.0 ELSE lower - (2 * GREATEST(upper - point, point - lower)) END, CASE WHEN point > 0 THEN point WHEN point < 0 THEN point - (2 * GREATEST(upper - point, point - lower)) ELSE -(2 * GREATEST(upper - point, point - lower)) END) ELSE lower END AS from_cut,
    CASE WHEN undeclared = 1 AND upper > lower THEN CASE WHEN point < 0 THEN point ELSE point + (2 * GREATEST(upper - point, point - lower)) END ELSE upper END AS to_cut,
    CASE WHEN undeclared = 1 AND upper > lower THEN GREATEST(CASE WHEN `sign` = 'nonnegative' AND `measure` IN ('level', 'share') THEN 0.0 ELSE lower - (2 * GREATEST(upper - point, point - lower)) END, point - 0.55 * (2 * GREATEST(upper - point, point - lower))) ELSE lower END AS from_twice,
    CASE WHEN undeclared = 1 AND upper > lower THEN point + 0.55 * (2 * GREATEST(upper - point, point - lower)) ELSE upper END AS to_twice,
    lower - loose AS from_loose,
    upper - loose AS to_loose,
    CASE WHEN undeclared = 1 AND upper > lower THEN GREATEST(CASE WHEN `sign` = 'nonnegative' AND `measure` IN ('level', 'share') THEN 0.0 ELSE lower - (2 * GREATEST(upper - point, point - lower)) END, CASE WHEN point > 0 THEN point WHEN point < 0 THEN point - (2 * GREATEST(upper - point, point - lower)) ELSE -(2 * GREATEST(upper - point, point - lower)) END) ELSE lower END - loose AS from_cut_loose,
    CASE WHEN undeclared = 1 AND upper > lower THEN CASE WHEN point < 0 THEN point ELSE point + (2 * GREATEST(upper - point, point - lower)) END ELSE upper END - loose AS to_cut_loose,
    CASE WHEN undeclared = 1 AND upper > lower THEN GREATEST(CASE WHEN `sign` = 'nonnegative' AND `measure` IN ('level', 'share') THEN 0.0 ELSE lower - (2 * GREATEST(upper - point, point - lower)) END, point - 0.55 * (2 * GREATEST(upper - point, point - lower))) ELSE lower END - loose AS from_twice_loose,
    CASE WHEN undeclared = 1 AND upper > lower THEN point + 0.55 * (2 * GREATEST(upper - point, point - lower)) ELSE upper END - loose AS to_twice_loose
  FROM printed
),
quantities AS (
  SELECT `area`, `indicator`, `period`, `measure`, `comparison`, `of`, `among`, `price`, `scope`, `adjustment`, `status`, `release`,
    MAX(point) AS point, MIN(point) AS least_point, MAX(step) AS step, MAX(lower) AS lower, MIN(upper) AS upper,
    CASE WHEN MIN(`dimension`) = MAX(`dimension`) THEN MIN(`dimension`) ELSE '' END AS dim,
    MIN(`sign`) AS least_sign, MAX(`sign`) AS most_sign,
    MIN(`nature`) AS least_nature, MAX(`nature`) AS most_nature,
    CASE WHEN MIN(fine) = 1 AND MIN(`dimension`) = MAX(`dimension`) AND MIN(`sign`) = MAX(`sign`) AND MIN(`nature`) = MAX(`nature`) THEN 1 ELSE 0 END AS comparable,
    CASE WHEN (MAX(lower) < MIN(upper) OR MIN(point) = MAX(point) OR (MAX(lower) = MIN(upper) AND (COALESCE(MAX(thin) = MAX(lower), FALSE) OR (COALESCE(MAX(lower_beyond) <> MAX(lower), TRUE) AND COALESCE(MIN(upper_beyond) <> MIN(upper), TRUE))))) AND MIN(fine) = 1 AND MIN(`dimension`) = MAX(`dimension`) AND MIN(`sign`) = MAX(`sign`) AND MIN(`nature`) = MAX(`nature`) THEN 1 ELSE 0 END AS sound,
    MAX(from_said) - 1e-12 * ABS(MAX(from_said)) AS low, MIN(to_said) + 1e-12 * ABS(MIN(to_said)) AS high,
    MAX(from_cut) - 1e-12 * ABS(MAX(from_cut)) AS low_cut, MIN(to_cut) + 1e-12 * ABS(MIN(to_cut)) AS high_cut,
    MAX(from_twice) - 1e-12 * ABS(MAX(from_twice)) AS low_twice, MIN(to_twice) + 1e-12 * ABS(MIN(to_twice)) AS high_twice,
    MAX(from_loose) - 1e-12 * ABS(MAX(from_loose)) AS low_loose, MIN(to_loose) + 1e-12 * ABS(MIN(to_loose)) AS high_loose,
    MAX(from_cut_loose) - 1e-12 * ABS(MAX(from_cut_loose)) AS low_cut_loose, MIN(to_cut_loose) + 1e-12 * ABS(MIN(to_cut_loose)) AS high_cut_loose,
    MAX(from_twice_loose) - 1e-12 * ABS(MAX(from_twice_loose)) AS low_twice_loose, MIN(to_twice_loose) + 1e-12 * ABS(MIN(to_twice_loose)) AS high_twice_loose
  FROM figures
  GROUP BY `area`, `indicator`, `period`, `measure`, `comparison`, `of`, `among`, `price`, `scope`, `adjustment`, `status`, `release`
),
statements AS (
  SELECT * FROM (VALUES
    (1, '进出口', '2024', 'level', '', '', '', 'current', 'fixed', 'unknown', 'actual', '2024', 'currency:CNY', 'unknown', 'unknown'),
    (2, '出口', '2023', 'level', '', '', '', 'current', 'fixed', 'unknown', 'actual', '2024', 'currency:CNY', 'unknown', 'unknown'),
    (3, '出口', '2024', 'level', '', '', '', 'current', 'fixed', 'unknown', 'actual', '2024', 'currency:CNY', 'unknown', 'unknown'),
    (4, '出口', '2024', 'growth', 'yoy', '', '', 'current', 'fixed', 'unknown', 'actual', '2024', 'ratio', 'unknown', 'unknown'),
    (5, '进口', '2024', 'level', '', '', '', 'current', 'fixed', 'unknown', 'actual', '2024', 'currency:CNY', 'unknown', 'unknown')
  ) AS statements_rows (sid, `indicator`, `period`, `measure`, `comparison`, `of`, `among`, `price`, `scope`, `adjustment`, `status`, `release`, dim, `sign`, `nature`)
),
known AS (
  SELECT statements.sid, quantities.*
  FROM statements
  JOIN quantities ON quantities.`indicator` = statements.`indicator`
    AND quantities.`period` = statements.`period`
    AND quantities.`measure` = statements.`measure`
    AND quantities.`comparison` = statements.`comparison`
    AND quantities.`of` = statements.`of`
    AND quantities.`among` = statements.`among`
    AND quantities.`price` = statements.`price`
    AND quantities.`scope` = statements.`scope`
    AND quantities.`adjustment` = statements.`adjustment`
    AND quantities.`status` = statements.`status`
    AND quantities.`release` = statements.`release`
    AND quantities.dim = statements.dim
    AND statements.`sign` IN (least_sign, most_sign)
    AND statements.`nature` IN (least_nature, most_nature)
),
options AS (
  SELECT * FROM (VALUES
    (1),
    (2),
    (3),
    (4),
    (5)
  ) AS options_rows (z_sid)
)
SELECT z.`area`, z.`indicator` AS z_indicator, z.`period` AS z_period, z.`measure` AS z_measure,
  z.lower AS z_lower, z.upper AS z_upper
FROM options
  JOIN known AS z ON z.sid = options.z_sid
WHERE z.comparable = 1
  AND z.high < z.low
  AND z.high_cut < z.low_cut
  AND z.high_twice < z.low_twice
  AND z.high_loose < z.low_loose

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
    COALESCE(`nature`, '') AS `nature`,
    CASE WHEN split_part(`point`, '/', 2) = '' THEN CAST(NULLIF(`point`, '') AS DOUBLE) ELSE CAST(split_part(`point`, '/', 1) AS DOUBLE) / CAST(split_part(`point`, '/', 2) AS DOUBLE) END AS point,
    CASE WHEN split_part(`lower`, '/', 2) = '' THEN CAST(NULLIF(`lower`, '') AS DOUBLE) ELSE CAST(split_part(`lower`, '/', 1) AS DOUBLE) / CAST(split_part(`lower`, '/', 2) AS DOUBLE) END AS lower,
    CASE WHEN split_part(`upper`, '/', 2) = '' THEN CAST(NULLIF(`upper`, '') AS DOUBLE) ELSE CAST(split_part(`upper`, '/', 1) AS DOUBLE) / CAST(split_part(`upper`, '/', 2) AS DOUBLE) END AS upper,
    CASE WHEN COALESCE(`rounding`, '') = 'unknown' AND '' = '' AND '' = '' THEN 1 ELSE 0 END AS undeclared,
    CASE WHEN COALESCE(`measure`, '') = 'growth' AND (COALESCE(`unit`, '') LIKE '%倍%' OR COALESCE(`value`, '') LIKE '%倍%') THEN 1.0 ELSE 0.0 END AS loose,
    CASE WHEN COALESCE(`rounding`, '') = 'unknown' AND COALESCE(`zeros`, '') = 'kept' AND '' = '' AND COALESCE(`value`, '') NOT LIKE '%.%' THEN 0 ELSE 1 END AS fine,
    CASE WHEN COALESCE(`lower_open`, '') = 'true' THEN CASE WHEN split_part(`lower`, '/', 2) = '' THEN CAST(NULLIF(`lower`, '') AS DOUBLE) ELSE CAST(split_part(`lower`, '/', 1) AS DOUBLE) / CAST(split_part(`lower`, '/', 2) AS DOUBLE) END END AS lower_beyond,
    CASE WHEN COALESCE(`upper_open`, '') = 'true' THEN CASE WHEN split_part(`upper`, '/', 2) = '' THEN CAST(NULLIF(`upper`, '') AS DOUBLE) ELSE CAST(split_part(`upper`, '/', 1) AS DOUBLE) / CAST(split_part(`upper`, '/', 2) AS DOUBLE) END END AS upper_beyond
  FROM `stats`.`figures`
  WHERE COALESCE(`point`, '') <> ''
),
figures AS (
  SELECT *,
    2 * GREATEST(upper - point, point - lower) AS step,
    CASE WHEN lower = upper AND COALESCE(lower_beyond, upper_beyond) IS NOT NULL THEN lower END AS thin,
    lower AS from_said,
    upper AS to_said,
    CASE WHEN undeclared = 1 AND upper > lower THEN GREATEST(CASE WHEN `sign` = 'nonnegative' AND `measure` IN ('level', 'share') THEN 0.0 ELSE lower - (2 * GREATEST(upper - point, point - lower)) END, CASE WHEN point > 0 THEN point WHEN point < 0 THEN point - (2 * GREATEST(upper - point, point - lower)) ELSE -(2 * GREATEST(upper - point, point - lower)) END) ELSE lower END AS from_cut,
    CASE WHEN undeclared = 1 AND upper > lower THEN CASE WHEN point < 0 THEN point ELSE point + (2 * GREATEST(upper - point, point - lower)) END ELSE upper END AS to_cut,
    CASE WHEN undeclared = 1 AND upper > lower THEN GREATEST(CASE WHEN `sign` = 'nonnegative' AND `measure` IN ('level', 'share') THEN 0.0 ELSE lower - (2 * GREATEST(upper - point, point - lower)) END, point - 0.55 * (2 * GREATEST(upper - point, point - lower))) ELSE lower END AS from_twice,
    CASE WHEN undeclared = 1 AND upper > lower THEN point + 0.55 * (2 * GREATEST(upper - point, point - lower)) ELSE upper END AS to_twice,
    lower - loose AS from_loose,
    upper - loose AS to_loose,
    CASE WHEN undeclared = 1 AND upper > lower THEN GREATEST(CASE WHEN `sign` = 'nonnegative' AND `measure` IN ('level', 'share') THEN 0.0 ELSE lower - (2 * GREATEST(upper - point, point - lower)) END, CASE WHEN point > 0 THEN point WHEN point < 0 THEN point - (2 * GREATEST(upper - point, point - lower)) ELSE -(2 * GREATEST(upper - point, point - lower)) END) ELSE lower END - loose AS from_cut_loose,
    CASE WHEN undeclared = 1 AND upper > lower THEN CASE WHEN point < 0 THEN point ELSE point + (2 * GREATEST(upper - point, point - lower)) END ELSE upper END - loose AS to_cut_loose,
    CASE WHEN undeclared = 1 AND upper > lower THEN GREATEST(CASE WHEN `sign` = 'nonnegative' AND `measure` IN ('level', 'share') THEN 0.0 ELSE lower - (2 * GREATEST(upper - point, point - lower)) END, point - 0.55 * (2 * GREATEST(upper - point, point - lower))) ELSE lower END - loose AS from_twice_loose,
    CASE WHEN undeclared = 1 AND upper > lower THEN point + 0.55 * (2 * GREATEST(upper - point, point - lower)) ELSE upper END - loose AS to_twice_loose
  FROM printed
),
quantities AS (
  SELECT `area`, `indicator`, `period`, `measure`, `comparison`, `of`, `among`, `price`, `scope`, `adjustment`, `status`, `release`,
    MAX(point) AS point, MIN(point) AS least_point, MAX(step) AS step, MAX(lower) AS lower, MIN(upper) AS upper,
    CASE WHEN MIN(`dimension`) = MAX(`dimension`) THEN MIN(`dimension`) ELSE '' END AS dim,
    MIN(`sign`) AS least_sign, MAX(`sign`) AS most_sign,
    MIN(`nature`) AS least_nature, MAX(`nature`) AS most_nature,
    CASE WHEN MIN(fine) = 1 AND MIN(`dimension`) = MAX(`dimension`) AND MIN(`sign`) = MAX(`sign`) AND MIN(`nature`) = MAX(`nature`) THEN 1 ELSE 0 END AS comparable,
    CASE WHEN (MAX(lower) < MIN(upper) OR MIN(point) = MAX(point) OR (MAX(lower) = MIN(upper) AND (COALESCE(MAX(thin) = MAX(lower), FALSE) OR (COALESCE(MAX(lower_beyond) <> MAX(lower), TRUE) AND COALESCE(MIN(upper_beyond) <> MIN(upper), TRUE))))) AND MIN(fine) = 1 AND MIN(`dimension`) = MAX(`dimension`) AND MIN(`sign`) = MAX(`sign`) AND MIN(`nature`) = MAX(`nature`) THEN 1 ELSE 0 END AS sound,
    MAX(from_said) - 1e-12 * ABS(MAX(from_said)) AS low, MIN(to_said) + 1e-12 * ABS(MIN(to_said)) AS high,
    MAX(from_cut) - 1e-12 * ABS(MAX(from_cut)) AS low_cut, MIN(to_cut) + 1e-12 * ABS(MIN(to_cut)) AS high_cut,
    MAX(from_twice) - 1e-12 * ABS(MAX(from_twice)) AS low_twice, MIN(to_twice) + 1e-12 * ABS(MIN(to_twice)) AS high_twice,
    MAX(from_loose) - 1e-12 * ABS(MAX(from_loose)) AS low_loose, MIN(to_loose) + 1e-12 * ABS(MIN(to_loose)) AS high_loose,
    MAX(from_cut_loose) - 1e-12 * ABS(MAX(from_cut_loose)) AS low_cut_loose, MIN(to_cut_loose) + 1e-12 * ABS(MIN(to_cut_loose)) AS high_cut_loose,
    MAX(from_twice_loose) - 1e-12 * ABS(MAX(from_twice_loose)) AS low_twice_loose, MIN(to_twice_loose) + 1e-12 * ABS(MIN(to_twice_loose)) AS high_twice_loose
  FROM figures
  GROUP BY `area`, `indicator`, `period`, `measure`, `comparison`, `of`, `among`, `price`, `scope`, `adjustment`, `status`, `release`
),
statements AS (
  SELECT * FROM (VALUES
    (2, '出口', '2023', 'level', '', '', '', 'current', 'fixed', 'unknown', 'actual', '2024', 'currency:CNY', 'unknown', 'unknown'),
    (3, '出口', '2024', 'level', '', '', '', 'current', 'fixed', 'unknown', 'actual', '2024', 'currency:CNY', 'unknown', 'unknown'),
    (4, '出口', '2024', 'growth', 'yoy', '', '', 'current', 'fixed', 'unknown', 'actual', '2024', 'ratio', 'unknown', 'unknown')
  ) AS statements_rows (sid, `indicator`, `period`, `measure`, `comparison`, `of`, `among`, `price`, `scope`, `adjustment`, `status`, `release`, dim, `sign`, `nature`)
),
known AS (
  SELECT statements.sid, quantities.*
  FROM statements
  JOIN quantities ON quantities.`indicator` = statements.`indicator`
    AND quantities.`period` = statements.`period`
    AND quantities.`measure` = statements.`measure`
    AND quantities.`comparison` = statements.`comparison`
    AND quantities.`of` = statements.`of`
    AND quantities.`among` = statements.`among`
    AND quantities.`price` = statements.`price`
    AND quantities.`scope` = statements.`scope`
    AND quantities.`adjustment` = statements.`adjustment`
    AND quantities.`status` = statements.`status`
    AND quantities.`release` = statements.`release`
    AND quantities.dim = statements.dim
    AND statements.`sign` IN (least_sign, most_sign)
    AND statements.`nature` IN (least_nature, most_nature)
),
options AS (
  SELECT * FROM (VALUES
    (4, 3, 2)
  ) AS options_rows (y_sid, z_sid, x_sid)
)
SELECT z.`area`, z.`indicator` AS z_indicator, z.`period` AS z_period, z.`measure` AS z_measure, x.`indicator` AS x_indicator, x.`period` AS x_period, x.`measure` AS x_measure, y.`indicator` AS y_indicator, y.`period` AS y_period, y.`measure` AS y_measure, z.lower AS z_lower, z.upper AS z_upper, x.lower AS x_lower, x.upper AS x_upper, y.lower AS y_lower, y.upper AS y_upper
FROM options
  JOIN known AS y ON y.sid = options.y_sid
  JOIN known AS z ON z.sid = options.z_sid AND z.`area` = y.`area`
  JOIN known AS x ON x.sid = options.x_sid AND x.`area` = y.`area`
WHERE y.sound = 1 AND z.sound = 1 AND x.sound = 1
  AND x.lower > 0
  AND (z.high < CASE WHEN (1.0 + 1.0 * y.low) < 0 THEN x.high ELSE x.low END * (1.0 + 1.0 * y.low) OR CASE WHEN (1.0 + 1.0 * y.high) < 0 THEN x.low ELSE x.high END * (1.0 + 1.0 * y.high) < z.low)
  AND (z.high < CASE WHEN (1.0 + 1.0 * y.low_loose) < 0 THEN x.high ELSE x.low END * (1.0 + 1.0 * y.low_loose) OR CASE WHEN (1.0 + 1.0 * y.high_loose) < 0 THEN x.low ELSE x.high END * (1.0 + 1.0 * y.high_loose) < z.low)
  AND (z.high_cut < CASE WHEN (1.0 + 1.0 * y.low_cut) < 0 THEN x.high_cut ELSE x.low_cut END * (1.0 + 1.0 * y.low_cut) OR CASE WHEN (1.0 + 1.0 * y.high_cut) < 0 THEN x.low_cut ELSE x.high_cut END * (1.0 + 1.0 * y.high_cut) < z.low_cut)
  AND (z.high_cut < CASE WHEN (1.0 + 1.0 * y.low_cut_loose) < 0 THEN x.high_cut ELSE x.low_cut END * (1.0 + 1.0 * y.low_cut_loose) OR CASE WHEN (1.0 + 1.0 * y.high_cut_loose) < 0 THEN x.low_cut ELSE x.high_cut END * (1.0 + 1.0 * y.high_cut_loose) < z.low_cut)
  AND (z.high_twice < CASE WHEN (1.0 + 1.0 * y.low_twice) < 0 THEN x.high_twice ELSE x.low_twice END * (1.0 + 1.0 * y.low_twice) OR CASE WHEN (1.0 + 1.0 * y.high_twice) < 0 THEN x.low_twice ELSE x.high_twice END * (1.0 + 1.0 * y.high_twice) < z.low_twice)
  AND (z.high_twice < CASE WHEN (1.0 + 1.0 * y.low_twice_loose) < 0 THEN x.high_twice ELSE x.low_twice END * (1.0 + 1.0 * y.low_twice_loose) OR CASE WHEN (1.0 + 1.0 * y.high_twice_loose) < 0 THEN x.low_twice ELSE x.high_twice END * (1.0 + 1.0 * y.high_twice_loose) < z.low_twice)

-- REQ001
SELECT '' AS `area`, COALESCE(`indicator`, '') AS `indicator`, COALESCE(`period`, '') AS `period`, COALESCE(`measure`, '') AS `measure`, COALESCE(`value`, '') AS `value`, COALESCE(`unit`, '') AS `unit`, COALESCE(`file`, '') AS `file`, COALESCE(`line`, '') AS `line` FROM `stats`.`figures`
WHERE (COALESCE(`value`, '') IN ('', 'unknown'))

-- RNG001
SELECT '' AS `area`, COALESCE(`indicator`, '') AS `indicator`, COALESCE(`period`, '') AS `period`, COALESCE(`measure`, '') AS `measure`, COALESCE(`value`, '') AS `value`, COALESCE(`unit`, '') AS `unit`, COALESCE(`file`, '') AS `file`, COALESCE(`line`, '') AS `line` FROM `stats`.`figures`
WHERE `lower` <> ''
  AND COALESCE(`measure`, '') IN ('share')
  AND COALESCE(`sign`, '') IN ('nonnegative')
  AND COALESCE(`dimension`, '') IN ('ratio')
  AND (CASE WHEN split_part(`upper`, '/', 2) = '' THEN CAST(NULLIF(`upper`, '') AS DOUBLE) ELSE CAST(split_part(`upper`, '/', 1) AS DOUBLE) / CAST(split_part(`upper`, '/', 2) AS DOUBLE) END < 0.0 OR CASE WHEN split_part(`lower`, '/', 2) = '' THEN CAST(NULLIF(`lower`, '') AS DOUBLE) ELSE CAST(split_part(`lower`, '/', 1) AS DOUBLE) / CAST(split_part(`lower`, '/', 2) AS DOUBLE) END > 1.0)

-- RNG002
SELECT '' AS `area`, COALESCE(`indicator`, '') AS `indicator`, COALESCE(`period`, '') AS `period`, COALESCE(`measure`, '') AS `measure`, COALESCE(`value`, '') AS `value`, COALESCE(`unit`, '') AS `unit`, COALESCE(`file`, '') AS `file`, COALESCE(`line`, '') AS `line` FROM `stats`.`figures`
WHERE `lower` <> ''
  AND COALESCE(`measure`, '') IN ('share')
  AND COALESCE(`sign`, '') IN ('unknown')
  AND COALESCE(`dimension`, '') IN ('ratio')
  AND (CASE WHEN split_part(`upper`, '/', 2) = '' THEN CAST(NULLIF(`upper`, '') AS DOUBLE) ELSE CAST(split_part(`upper`, '/', 1) AS DOUBLE) / CAST(split_part(`upper`, '/', 2) AS DOUBLE) END < 0.0 OR CASE WHEN split_part(`lower`, '/', 2) = '' THEN CAST(NULLIF(`lower`, '') AS DOUBLE) ELSE CAST(split_part(`lower`, '/', 1) AS DOUBLE) / CAST(split_part(`lower`, '/', 2) AS DOUBLE) END > 1.0)

-- RNG003
SELECT '' AS `area`, COALESCE(`indicator`, '') AS `indicator`, COALESCE(`period`, '') AS `period`, COALESCE(`measure`, '') AS `measure`, COALESCE(`value`, '') AS `value`, COALESCE(`unit`, '') AS `unit`, COALESCE(`file`, '') AS `file`, COALESCE(`line`, '') AS `line` FROM `stats`.`figures`
WHERE `lower` <> ''
  AND COALESCE(`measure`, '') IN ('level')
  AND COALESCE(`sign`, '') IN ('nonnegative')
  AND (CASE WHEN split_part(`upper`, '/', 2) = '' THEN CAST(NULLIF(`upper`, '') AS DOUBLE) ELSE CAST(split_part(`upper`, '/', 1) AS DOUBLE) / CAST(split_part(`upper`, '/', 2) AS DOUBLE) END < 0.0)

-- RNG004
SELECT '' AS `area`, COALESCE(`indicator`, '') AS `indicator`, COALESCE(`period`, '') AS `period`, COALESCE(`measure`, '') AS `measure`, COALESCE(`value`, '') AS `value`, COALESCE(`unit`, '') AS `unit`, COALESCE(`file`, '') AS `file`, COALESCE(`line`, '') AS `line` FROM `stats`.`figures`
WHERE `lower` <> ''
  AND COALESCE(`measure`, '') IN ('growth')
  AND COALESCE(`sign`, '') IN ('nonnegative')
  AND COALESCE(`dimension`, '') IN ('ratio')
  AND (CASE WHEN split_part(`upper`, '/', 2) = '' THEN CAST(NULLIF(`upper`, '') AS DOUBLE) ELSE CAST(split_part(`upper`, '/', 1) AS DOUBLE) / CAST(split_part(`upper`, '/', 2) AS DOUBLE) END < -1.0)

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
    COALESCE(`nature`, '') AS `nature`,
    CASE WHEN split_part(`point`, '/', 2) = '' THEN CAST(NULLIF(`point`, '') AS DOUBLE) ELSE CAST(split_part(`point`, '/', 1) AS DOUBLE) / CAST(split_part(`point`, '/', 2) AS DOUBLE) END AS point,
    CASE WHEN split_part(`lower`, '/', 2) = '' THEN CAST(NULLIF(`lower`, '') AS DOUBLE) ELSE CAST(split_part(`lower`, '/', 1) AS DOUBLE) / CAST(split_part(`lower`, '/', 2) AS DOUBLE) END AS lower,
    CASE WHEN split_part(`upper`, '/', 2) = '' THEN CAST(NULLIF(`upper`, '') AS DOUBLE) ELSE CAST(split_part(`upper`, '/', 1) AS DOUBLE) / CAST(split_part(`upper`, '/', 2) AS DOUBLE) END AS upper,
    CASE WHEN COALESCE(`rounding`, '') = 'unknown' AND '' = '' AND '' = '' THEN 1 ELSE 0 END AS undeclared,
    CASE WHEN COALESCE(`measure`, '') = 'growth' AND (COALESCE(`unit`, '') LIKE '%倍%' OR COALESCE(`value`, '') LIKE '%倍%') THEN 1.0 ELSE 0.0 END AS loose,
    CASE WHEN COALESCE(`rounding`, '') = 'unknown' AND COALESCE(`zeros`, '') = 'kept' AND '' = '' AND COALESCE(`value`, '') NOT LIKE '%.%' THEN 0 ELSE 1 END AS fine,
    CASE WHEN COALESCE(`lower_open`, '') = 'true' THEN CASE WHEN split_part(`lower`, '/', 2) = '' THEN CAST(NULLIF(`lower`, '') AS DOUBLE) ELSE CAST(split_part(`lower`, '/', 1) AS DOUBLE) / CAST(split_part(`lower`, '/', 2) AS DOUBLE) END END AS lower_beyond,
    CASE WHEN COALESCE(`upper_open`, '') = 'true' THEN CASE WHEN split_part(`upper`, '/', 2) = '' THEN CAST(NULLIF(`upper`, '') AS DOUBLE) ELSE CAST(split_part(`upper`, '/', 1) AS DOUBLE) / CAST(split_part(`upper`, '/', 2) AS DOUBLE) END END AS upper_beyond
  FROM `stats`.`figures`
  WHERE COALESCE(`point`, '') <> ''
),
figures AS (
  SELECT *,
    2 * GREATEST(upper - point, point - lower) AS step,
    CASE WHEN lower = upper AND COALESCE(lower_beyond, upper_beyond) IS NOT NULL THEN lower END AS thin,
    lower AS from_said,
    upper AS to_said,
    CASE WHEN undeclared = 1 AND upper > lower THEN GREATEST(CASE WHEN `sign` = 'nonnegative' AND `measure` IN ('level', 'share') THEN 0.0 ELSE lower - (2 * GREATEST(upper - point, point - lower)) END, CASE WHEN point > 0 THEN point WHEN point < 0 THEN point - (2 * GREATEST(upper - point, point - lower)) ELSE -(2 * GREATEST(upper - point, point - lower)) END) ELSE lower END AS from_cut,
    CASE WHEN undeclared = 1 AND upper > lower THEN CASE WHEN point < 0 THEN point ELSE point + (2 * GREATEST(upper - point, point - lower)) END ELSE upper END AS to_cut,
    CASE WHEN undeclared = 1 AND upper > lower THEN GREATEST(CASE WHEN `sign` = 'nonnegative' AND `measure` IN ('level', 'share') THEN 0.0 ELSE lower - (2 * GREATEST(upper - point, point - lower)) END, point - 0.55 * (2 * GREATEST(upper - point, point - lower))) ELSE lower END AS from_twice,
    CASE WHEN undeclared = 1 AND upper > lower THEN point + 0.55 * (2 * GREATEST(upper - point, point - lower)) ELSE upper END AS to_twice
  FROM printed
),
quantities AS (
  SELECT `area`, `indicator`, `period`, `measure`, `comparison`, `of`, `among`, `price`, `scope`, `adjustment`, `status`, `release`,
    MAX(point) AS point, MIN(point) AS least_point, MAX(step) AS step, MAX(lower) AS lower, MIN(upper) AS upper,
    CASE WHEN MIN(`dimension`) = MAX(`dimension`) THEN MIN(`dimension`) ELSE '' END AS dim,
    MIN(`sign`) AS least_sign, MAX(`sign`) AS most_sign,
    MIN(`nature`) AS least_nature, MAX(`nature`) AS most_nature,
    CASE WHEN MIN(fine) = 1 AND MIN(`dimension`) = MAX(`dimension`) AND MIN(`sign`) = MAX(`sign`) AND MIN(`nature`) = MAX(`nature`) THEN 1 ELSE 0 END AS comparable,
    CASE WHEN (MAX(lower) < MIN(upper) OR MIN(point) = MAX(point) OR (MAX(lower) = MIN(upper) AND (COALESCE(MAX(thin) = MAX(lower), FALSE) OR (COALESCE(MAX(lower_beyond) <> MAX(lower), TRUE) AND COALESCE(MIN(upper_beyond) <> MIN(upper), TRUE))))) AND MIN(fine) = 1 AND MIN(`dimension`) = MAX(`dimension`) AND MIN(`sign`) = MAX(`sign`) AND MIN(`nature`) = MAX(`nature`) THEN 1 ELSE 0 END AS sound,
    MAX(from_said) - 1e-12 * ABS(MAX(from_said)) AS low, MIN(to_said) + 1e-12 * ABS(MIN(to_said)) AS high,
    MAX(from_cut) - 1e-12 * ABS(MAX(from_cut)) AS low_cut, MIN(to_cut) + 1e-12 * ABS(MIN(to_cut)) AS high_cut,
    MAX(from_twice) - 1e-12 * ABS(MAX(from_twice)) AS low_twice, MIN(to_twice) + 1e-12 * ABS(MIN(to_twice)) AS high_twice
  FROM figures
  GROUP BY `area`, `indicator`, `period`, `measure`, `comparison`, `of`, `among`, `price`, `scope`, `adjustment`, `status`, `release`
),
statements AS (
  SELECT * FROM (VALUES
    (1, '进出口', '2024', 'level', '', '', '', 'current', 'fixed', 'unknown', 'actual', '2024', 'currency:CNY', 'unknown', 'unknown'),
    (3, '出口', '2024', 'level', '', '', '', 'current', 'fixed', 'unknown', 'actual', '2024', 'currency:CNY', 'unknown', 'unknown'),
    (5, '进口', '2024', 'level', '', '', '', 'current', 'fixed', 'unknown', 'actual', '2024', 'currency:CNY', 'unknown', 'unknown')
  ) AS statements_rows (sid, `indicator`, `period`, `measure`, `comparison`, `of`, `among`, `price`, `scope`, `adjustment`, `status`, `release`, dim, `sign`, `nature`)
),
known AS (
  SELECT statements.sid, quantities.*
  FROM statements
  JOIN quantities ON quantities.`indicator` = statements.`indicator`
    AND quantities.`period` = statements.`period`
    AND quantities.`measure` = statements.`measure`
    AND quantities.`comparison` = statements.`comparison`
    AND quantities.`of` = statements.`of`
    AND quantities.`among` = statements.`among`
    AND quantities.`price` = statements.`price`
    AND quantities.`scope` = statements.`scope`
    AND quantities.`adjustment` = statements.`adjustment`
    AND quantities.`status` = statements.`status`
    AND quantities.`release` = statements.`release`
    AND quantities.dim = statements.dim
    AND statements.`sign` IN (least_sign, most_sign)
    AND statements.`nature` IN (least_nature, most_nature)
),
options AS (
  SELECT * FROM (VALUES
    (0, 1, 0, 3, 1, 0, 1, 2, 0),
    (0, 1, 1, 5, 1, 0, 1, 2, 0)
  ) AS options_rows (relation, z_sid, slot, x_sid, coef, place, judged, parts, alike)
),
chosen AS (
  SELECT options.*, x.`area`, x.`indicator`, x.`period`, x.`measure`, x.sound, x.lower, x.upper, x.low AS low, x.high AS high, x.low_cut AS low_cut, x.high_cut AS high_cut, x.low_twice AS low_twice, x.high_twice AS high_twice,
    MIN(options.place) OVER (PARTITION BY options.relation, options.slot, x.`area`) AS best
  FROM options
  JOIN known AS x ON x.sid = options.x_sid
),
added AS (
  SELECT relation, z_sid, `area`,
    SUM(coef * CASE WHEN coef < 0 THEN upper ELSE lower END) AS lower,
    SUM(coef * CASE WHEN coef < 0 THEN lower ELSE upper END) AS upper,
    SUM(coef * CASE WHEN coef < 0 THEN high ELSE low END) AS low,
    SUM(coef * CASE WHEN coef < 0 THEN low ELSE high END) AS high,
    SUM(coef * CASE WHEN coef < 0 THEN high_cut ELSE low_cut END) AS low_cut,
    SUM(coef * CASE WHEN coef < 0 THEN low_cut ELSE high_cut END) AS high_cut,
    SUM(coef * CASE WHEN coef < 0 THEN high_twice ELSE low_twice END) AS low_twice,
    SUM(coef * CASE WHEN coef < 0 THEN low_twice ELSE high_twice END) AS high_twice
  FROM chosen
  WHERE place = best
  GROUP BY relation, z_sid, `area`
  HAVING MIN(judged * sound) = 1 AND COUNT(*) = COUNT(DISTINCT slot) AND COUNT(*) = MAX(parts)
    AND COUNT(DISTINCT CASE WHEN alike >= 0 THEN alike END) <= 1
)
SELECT z.`area`, z.`indicator` AS z_indicator, z.`period` AS z_period, z.`measure` AS z_measure,
  z.lower AS z_lower, z.upper AS z_upper, added.lower AS parts_lower, added.upper AS parts_upper
FROM added
  JOIN known AS z ON z.sid = added.z_sid AND z.`area` = added.`area`
WHERE z.sound = 1
  AND (z.high < 0.0 + added.low OR 0.0 + added.high < z.low)
  AND (z.high_cut < 0.0 + added.low_cut OR 0.0 + added.high_cut < z.low_cut)
  AND (z.high_twice < 0.0 + added.low_twice OR 0.0 + added.high_twice < z.low_twice)

-- UNQ001
SELECT `area`, `indicator`, `period`, `measure`, `comparison`, `of`, `among`, `price`, `scope`, `adjustment`, `status`, `release`, `source`, `occurrence`, COUNT(*) AS copies FROM (SELECT '' AS `area`, COALESCE(`indicator`, '') AS `indicator`, COALESCE(`period`, '') AS `period`, COALESCE(`measure`, '') AS `measure`, COALESCE(`comparison`, '') AS `comparison`, '' AS `of`, '' AS `among`, COALESCE(`price`, '') AS `price`, COALESCE(`scope`, '') AS `scope`, COALESCE(`adjustment`, '') AS `adjustment`, COALESCE(`status`, '') AS `status`, COALESCE(`release`, '') AS `release`, '' AS `source`, '' AS `occurrence` FROM `stats`.`figures` WHERE COALESCE(`value`, '') <> '') AS seen GROUP BY `area`, `indicator`, `period`, `measure`, `comparison`, `of`, `among`, `price`, `scope`, `adjustment`, `status`, `release`, `source`, `occurrence` HAVING COUNT(*) > 1

-- UNT001
SELECT '' AS `area`, COALESCE(`indicator`, '') AS `indicator`, COALESCE(`period`, '') AS `period`, COALESCE(`measure`, '') AS `measure`, COALESCE(`value`, '') AS `value`, COALESCE(`unit`, '') AS `unit`, COALESCE(`file`, '') AS `file`, COALESCE(`line`, '') AS `line` FROM `stats`.`figures`
WHERE COALESCE(`value`, '') <> ''
  AND (COALESCE(`point`, '') = ''
    OR COALESCE(`measure`, '') IN ('ratio') AND COALESCE(`dimension`, '') IN ('', 'points', 'rank')
    OR COALESCE(`measure`, '') IN ('rank') AND NOT COALESCE(`dimension`, '') IN ('rank')
    OR COALESCE(`measure`, '') IN ('share', 'contribution') AND NOT COALESCE(`dimension`, '') IN ('ratio')
    OR COALESCE(`measure`, '') IN ('growth', 'average', 'multiple') AND NOT COALESCE(`dimension`, '') IN ('ratio', 'doublings')
    OR COALESCE(`measure`, '') IN ('points', 'pull') AND NOT COALESCE(`dimension`, '') IN ('points')
    OR COALESCE(`measure`, '') IN ('level') AND COALESCE(`indicator`, '') IN ('社会消费品零售总额', '城镇消费品零售额', '乡村消费品零售额', '餐饮收入', '商品零售', '限额以上单位消费品零售额', '限额以上单位商品零售', '除汽车以外的消费品零售额', '全国网上零售额', '实物商品网上零售额', '吃类实物商品网上零售额', '穿类实物商品网上零售额', '用类实物商品网上零售额', '国内生产总值', '第一产业增加值', '第二产业增加值', '第三产业增加值', '国民总收入', '一般公共预算收入', '一般公共预算支出', '税收收入', '非税收入', '固定资产投资', '固定资产投资(不含农户)') AND NOT COALESCE(`dimension`, '') IN ('currency:AUD', 'currency:CAD', 'currency:CHF', 'currency:CNY', 'currency:EUR', 'currency:GBP', 'currency:HKD', 'currency:JPY', 'currency:KRW', 'currency:MOP', 'currency:PPP', 'currency:RUB', 'currency:SGD', 'currency:TWD', 'currency:USD', 'currency:XDR')
    OR COALESCE(`measure`, '') IN ('change') AND COALESCE(`indicator`, '') IN ('社会消费品零售总额', '城镇消费品零售额', '乡村消费品零售额', '餐饮收入', '商品零售', '限额以上单位消费品零售额', '限额以上单位商品零售', '除汽车以外的消费品零售额', '全国网上零售额', '实物商品网上零售额', '吃类实物商品网上零售额', '穿类实物商品网上零售额', '用类实物商品网上零售额', '国内生产总值', '第一产业增加值', '第二产业增加值', '第三产业增加值', '国民总收入', '一般公共预算收入', '一般公共预算支出', '税收收入', '非税收入', '固定资产投资', '固定资产投资(不含农户)') AND NOT COALESCE(`dimension`, '') IN ('currency:AUD', 'currency:CAD', 'currency:CHF', 'currency:CNY', 'currency:EUR', 'currency:GBP', 'currency:HKD', 'currency:JPY', 'currency:KRW', 'currency:MOP', 'currency:PPP', 'currency:RUB', 'currency:SGD', 'currency:TWD', 'currency:USD', 'currency:XDR')
    OR COALESCE(`measure`, '') IN ('level') AND COALESCE(`indicator`, '') IN ('人均国内生产总值') AND NOT COALESCE(`dimension`, '') IN ('currency:AUD', 'currency:CAD', 'currency:CHF', 'currency:CNY', 'currency:CNY/person', 'currency:EUR', 'currency:GBP', 'currency:HKD', 'currency:JPY', 'currency:KRW', 'currency:MOP', 'currency:PPP', 'currency:RUB', 'currency:SGD', 'currency:TWD', 'currency:USD', 'currency:XDR')
    OR COALESCE(`measure`, '') IN ('change') AND COALESCE(`indicator`, '') IN ('人均国内生产总值') AND NOT COALESCE(`dimension`, '') IN ('currency:AUD', 'currency:CAD', 'currency:CHF', 'currency:CNY', 'currency:CNY/person', 'currency:EUR', 'currency:GBP', 'currency:HKD', 'currency:JPY', 'currency:KRW', 'currency:MOP', 'currency:PPP', 'currency:RUB', 'currency:SGD', 'currency:TWD', 'currency:USD', 'currency:XDR')
    OR COALESCE(`measure`, '') IN ('level') AND COALESCE(`dimension`, '') = '' AND NOT COALESCE(`indicator`, '') IN ('社会消费品零售总额', '城镇消费品零售额', '乡村消费品零售额', '餐饮收入', '商品零售', '限额以上单位消费品零售额', '限额以上单位商品零售', '除汽车以外的消费品零售额', '全国网上零售额', '实物商品网上零售额', '吃类实物商品网上零售额', '穿类实物商品网上零售额', '用类实物商品网上零售额', '国内生产总值', '第一产业增加值', '第二产业增加值', '第三产业增加值', '国民总收入', '人均国内生产总值', '一般公共预算收入', '一般公共预算支出', '税收收入', '非税收入', '固定资产投资', '固定资产投资(不含农户)'))

-- new_statements
WITH known AS (
  SELECT * FROM (VALUES
    ('进出口', '2024', 'level', '', '', '', 'current', 'fixed', 'unknown', 'actual', '2024', 'unknown', 'unknown', 'currency:CNY'),
    ('出口', '2023', 'level', '', '', '', 'current', 'fixed', 'unknown', 'actual', '2024', 'unknown', 'unknown', 'currency:CNY'),
    ('出口', '2024', 'level', '', '', '', 'current', 'fixed', 'unknown', 'actual', '2024', 'unknown', 'unknown', 'currency:CNY'),
    ('出口', '2024', 'growth', 'yoy', '', '', 'current', 'fixed', 'unknown', 'actual', '2024', 'unknown', 'unknown', 'ratio'),
    ('进口', '2024', 'level', '', '', '', 'current', 'fixed', 'unknown', 'actual', '2024', 'unknown', 'unknown', 'currency:CNY')
  ) AS known_rows (`indicator`, `period`, `measure`, `comparison`, `of`, `among`, `price`, `scope`, `adjustment`, `status`, `release`, `sign`, `nature`, `dimension`)
)
SELECT DISTINCT found.* FROM (
  SELECT COALESCE(`indicator`, '') AS `indicator`, COALESCE(`period`, '') AS `period`, COALESCE(`measure`, '') AS `measure`, COALESCE(`comparison`, '') AS `comparison`, '' AS `of`, '' AS `among`, COALESCE(`price`, '') AS `price`, COALESCE(`scope`, '') AS `scope`, COALESCE(`adjustment`, '') AS `adjustment`, COALESCE(`status`, '') AS `status`, COALESCE(`release`, '') AS `release`, COALESCE(`sign`, '') AS `sign`, COALESCE(`nature`, '') AS `nature`, COALESCE(`dimension`, '') AS `dimension` FROM `stats`.`figures`
  WHERE COALESCE(`point`, '') <> ''
) AS found
LEFT JOIN known ON known.`indicator` = found.`indicator` AND known.`period` = found.`period` AND known.`measure` = found.`measure` AND known.`comparison` = found.`comparison` AND known.`of` = found.`of` AND known.`among` = found.`among` AND known.`price` = found.`price` AND known.`scope` = found.`scope` AND known.`adjustment` = found.`adjustment` AND known.`status` = found.`status` AND known.`release` = found.`release` AND known.`sign` = found.`sign` AND known.`nature` = found.`nature` AND known.`dimension` = found.`dimension`
WHERE known.`indicator` IS NULL

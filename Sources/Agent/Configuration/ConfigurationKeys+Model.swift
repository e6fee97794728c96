import Detection
import Statistics

extension ConfigurationKeys {
    static let model = ConfigurationShape.table(
        [
            ConfigurationKey("name", .text(.modelName), required: true, "The model's name, as its events say it."),
            ConfigurationKey(
                "task", .choice(ModelConfiguration.taskNames), required: true, "What the model predicts."),
            ConfigurationKey(
                "positive", .label, "Binary: the label of the positive class; every other one is negative."),
            ConfigurationKey("classes", .list(of: .label, minimum: 2), "Multiclass: all labels."),
            ConfigurationKey(
                "reference", reference, default: "{registry: true}",
                "What windows are compared with. By default the reference of the registered champion; without one it is learned."
            ),
            ConfigurationKey("window", window, default: "{}", "The sliding windows, in event time."),
            ConfigurationKey(
                "max_label_delay", .duration(second...decade), default: "48h",
                "How long a prediction waits for its outcome."),
            ConfigurationKey(
                "max_waiting_predictions", .integer(1...1_000_000_000), default: "1000000",
                "Predictions that wait for their outcome, in each partition (about 100 bytes each); beyond it both halves are thinned by id."
            ),
            ConfigurationKey("drift", drift, default: "{}", "When the distribution of a column counts as drifted."),
            ConfigurationKey(
                "performance", performance, default: "{}", "When live performance counts as degraded."),
            ConfigurationKey(
                "quality", quality, default: "{}", "When the data itself counts as bad, whatever its distribution."),
        ] + segmentKeys + [
            importance,
            ConfigurationKey(
                "retraining", retraining, default: "{enabled: false}",
                "When and how the model is retrained. Absent: it is not."),
            ConfigurationKey(
                "rollback", rollback, default: "{}",
                "After a promotion: when the new version is worse than its predecessor on the same rows."),
        ],
        rules: [
            ConfigurationRules.taskHasItsLabels, ConfigurationRules.metricsFitTheTask,
            ConfigurationRules.panesAreWithinReason, ConfigurationRules.triggersAreWatched,
            ConfigurationRules.segmentsAreFew, ConfigurationRules.empiricalKnowsTheTime,
            ConfigurationRules.estimatesArePossible,
        ])

    private static let reference = ConfigurationShape.table(
        [
            ConfigurationKey(
                "registry", .boolean, "Use the reference of the registered champion; learn one where there is none."),
            ConfigurationKey(
                "learn", .integer(100...1_000_000),
                "Learn it from this many first events (10000 where only `registry` is given)."),
            ConfigurationKey(
                "file", .text(.any),
                "Take it from this table: CSV or JSON lines, gzip allowed, from the working directory."
            ),
            ConfigurationKey("target", .text(.any), "With `file`: the column with the label, which is no feature."),
            ConfigurationKey(
                "prediction", .text(.any),
                "With `file`: the column with what the model said of each row, which is no feature: the score, class or number as events carry it, for rows that it was not trained on. Absent: predictions are not watched for drift."
            ),
            ConfigurationKey(
                "time", .text(.any),
                "With `file`: the column with each row's time, which is no feature. Calibrated detection learns from it how far events depend on each other and, with `calibration: empirical`, the seasons."
            ),
            ConfigurationKey(
                "exclude", .list(of: .text(.any), minimum: 0), default: "[]",
                "With `file`: further columns that are no features."),
        ], rules: [ConfigurationRules.referenceHasOneSource])

    private static let window = ConfigurationShape.table(
        [
            ConfigurationKey("length", .duration(second...decade), default: "7d", "What a window covers."),
            ConfigurationKey(
                "slide", .duration(second...decade), default: "1d",
                "A window ends every `slide`, which divides `length`; the same as `length` for windows side by side."),
            ConfigurationKey(
                "origin", .time, "A moment at which a pane starts (RFC 3339); 1970-01-01T00:00:00Z when absent."),
        ], rules: [ConfigurationRules.slideDividesLength])

    private static let minimumSample = ConfigurationKey(
        "minimum_sample", .integer(1...1_000_000_000), default: "200",
        "Fewer events (labelled pairs for performance) in a window are `insufficient` and change nothing.")

    static let persistence = [
        ConfigurationKey(
            "required", .integer(1...1_000), default: "1",
            "Windows among the last `of` that must cross the level before the rule speaks."),
        ConfigurationKey("of", .integer(1...1_000), default: "1", "See `required`."),
        ConfigurationKey(
            "severity", .choice(RuleSeverity.allCases.map(\.rawValue)), default: "warning", "The alert's severity."),
    ]

    private static let drift = ConfigurationShape.table(
        [
            minimumSample,
            ConfigurationKey(
                "false_alarms", .text(.budget),
                "The budget of calibrated detection: so many false alarms in so much time, over all columns and versions together. `1 per 30d` where neither this nor `rules` is given."
            ),
            ConfigurationKey(
                "calibration", .choice(DriftConfiguration.calibrations.map(\.rawValue)), default: "analytic",
                "Where the p-values come from: `analytic`, the law of the statistic; `empirical`, ranks among the reference's own stretches of time, for streams with seasons."
            ),
            ConfigurationKey(
                "columns", .list(of: .text(.any), minimum: 1),
                "The columns that calibrated detection watches; absent: all, `prediction` and `outcome` among them."),
            ConfigurationKey(
                "exclude", .list(of: .text(.any), minimum: 1),
                "Columns that neither calibrated detection nor a rule without `columns` watches, for example `[prediction, outcome]`."
            ),
            ConfigurationKey(
                "multivariate",
                .list(of: .choice(MultivariateStatistic.allCases.map(\.rawValue)), minimum: 1),
                "Also watch whole rows, for changes that no single column shows, by these statistics; they spend a fifth of the budget. Needs `false_alarms`, or no `rules`."
            ),
            ConfigurationKey(
                "smallest_effect", smallestEffect, default: "{}",
                "Changes too small for anybody to care about; no amount of data raises an alarm over one."),
            ConfigurationKey(
                "clear_after", .integer(1...1_000), default: "3",
                "So many unremarkable intervals in a row end a calibrated alarm."),
            ConfigurationKey(
                "severity", .choice(RuleSeverity.allCases.map(\.rawValue)), default: "warning",
                "The severity of calibrated alarms."),
            ConfigurationKey(
                "rules", .list(of: driftRule, minimum: 0),
                "Fixed limits on the sliding windows, instead of a budget or beside it. They keep no budget; `[]` without `false_alarms` watches nothing."
            ),
        ], rules: [ConfigurationRules.budgetCanBeKept])

    private static let smallestEffect = ConfigurationShape.table(
        [
            ConfigurationKey(
                "shift", .number(.notNegative), default: "0.02",
                "Of a numeric column's location, spread or shape, in standard deviations."),
            ConfigurationKey(
                "share", .number(.notNegative), default: "0.005",
                "Of the share of missing values or of one category: 0.005 is half a percentage point."),
            ConfigurationKey(
                "divergence", .number(.notNegative), default: "0.0005",
                "Of the whole distribution: Σ(p − q)²/q over its cells, for small changes the PSI."),
        ], rules: [])

    private static let driftRule = ConfigurationShape.table(
        [
            ConfigurationKey(
                "statistic", .choice(DriftStatistic.allCases.map(\.rawValue)), required: true,
                "The distance between window and reference."),
            ConfigurationKey(
                "columns", .list(of: .text(.any), minimum: 1),
                "The columns it watches; absent: all that the statistic is defined for."),
            ConfigurationKey("raise", .number(.notNegative), required: true, "Above this a window counts as drifted."),
            ConfigurationKey(
                "clear", .number(.notNegative), "At or below this it is over; `raise` when absent."),
            ConfigurationKey(
                "maximum_p_value", .number(.share), "A window counts only if its p-value is at most this, too."),
        ] + persistence,
        rules: [ConfigurationRules.driftLevelsAreOrdered, ConfigurationRules.persistenceIsPossible])

    private static let performance = ConfigurationShape.table(
        [
            minimumSample,
            ConfigurationKey(
                "estimate", .boolean, default: "false",
                "Whether performance is estimated before labels are in, and held against them later: from scores, of a regression from its rows."
            ),
            ConfigurationKey(
                "calibration_pairs", .integer(100...1_000_000), default: "1000",
                "The first labelled pairs of a version, on which its scores are calibrated, or losses learned (of a regression at most 5,000), for estimates."
            ),
            ConfigurationKey("rules", .list(of: performanceRule, minimum: 0), default: "[]", "None by default."),
        ], rules: [])

    private static let performanceRule = ConfigurationShape.table(
        [
            ConfigurationKey("metric", metric, required: true, "The metric."),
            ConfigurationKey(
                "raise_below", .number(.any), "Where more is better: below this a window counts as degraded."),
            ConfigurationKey(
                "raise_above", .number(.any), "Where less is better: above this a window counts as degraded."),
            ConfigurationKey(
                "clear", .number(.any), "At this or on its good side it is over; the raise level when absent."),
            ConfigurationKey(
                "evidence", .choice(PerformanceEvidence.allCases.map(\.rawValue)), default: "interval",
                "What must be beyond the level for a window to count: the near end of the metric's 95 % `interval`, or the `point` itself."
            ),
            ConfigurationKey(
                "estimated", .boolean, default: "false",
                "Watches the estimate of the metric, before labels are in, instead of what they say."),
        ] + persistence,
        rules: [ConfigurationRules.performanceLevelsAreOrdered, ConfigurationRules.persistenceIsPossible])

    static let metric = ConfigurationShape.choice(PerformanceMetric.allCases.map(\.rawValue))
}

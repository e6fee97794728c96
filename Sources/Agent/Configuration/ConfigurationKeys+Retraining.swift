extension ConfigurationKeys {
    static let retraining = ConfigurationShape.table(
        [
            ConfigurationKey(
                "enabled", .boolean, default: "true", "Whether the agent retrains by itself and on demand."),
            ConfigurationKey(
                "performance_below", performanceBelow, "Retrain when live performance falls below a value."),
            ConfigurationKey(
                "drifted_share_above", .number(NumberRange(lower: 0, upper: 1, excludesUpper: true)),
                "Retrain when a larger share of the watched columns has drifted."),
            ConfigurationKey(
                "schedule", .duration(hour...decade), "Retrain when the last run is this long ago."),
            ConfigurationKey(
                "cooldown", .duration(0...decade), default: "7d", "No run within this time after the last one."),
            ConfigurationKey(
                "minimum_rows", .integer(50...10_000_000), default: "1000", "Labelled rows needed for a run."),
            ConfigurationKey(
                "maximum_rows", .integer(50...10_000_000), default: "20000", "Labelled rows kept; the newest ones."),
            ConfigurationKey(
                "training_window", .duration(hour...decade), default: "90d", "Rows older than this are not trained on."),
            ConfigurationKey(
                "rows_per_pane", .integer(1...1_000_000), default: "2000",
                "Labelled rows kept of each pane and partition, chosen by id hash."),
            ConfigurationKey(
                "source", .choice(TrainingSource.allCases.map(\.rawValue)), default: "buffer",
                "Where a run takes its rows from: those that the agent keeps, or the same read again from the topics."),
            ConfigurationKey(
                "holdout", .number(.properFraction), default: "0.2",
                "The newest share of the rows, on which champion and challenger are compared and which neither is trained on."
            ),
            ConfigurationKey(
                "metric", metric,
                "What they are compared by; `accuracy` when absent, for regression `rmse`."),
            ConfigurationKey(
                "minimum_gain", .number(.notNegative), default: "0.0",
                "How much better the challenger must be, in the metric's own unit."),
            ConfigurationKey(
                "promote", .choice(PromotionMode.allCases.map(\.rawValue)), default: "automatic",
                "Whether a better challenger becomes champion by itself or waits for `tidewatch models promote`."),
            ConfigurationKey("parameters", parameters, default: "{}", "How the boosted trees are grown."),
        ], rules: [ConfigurationRules.minimumIsAtMostMaximum("minimum_rows", "maximum_rows")])

    private static let performanceBelow = ConfigurationShape.table(
        [
            ConfigurationKey("metric", metric, required: true, "The metric; one where more is better."),
            ConfigurationKey("value", .number(.any), required: true, "Below this the policy asks for a run."),
        ], rules: [ConfigurationRules.triggerIsInRange])

    private static let parameters = ConfigurationShape.table(
        [
            ConfigurationKey("rounds", .integer(1...100_000), default: "200", "Trees (for each class)."),
            ConfigurationKey("learning_rate", .number(.share), default: "0.1", "XGBoost's `eta`."),
            ConfigurationKey("maximum_depth", .integer(1...30), default: "6", "Depth of a tree."),
            ConfigurationKey(
                "minimum_child_weight", .number(.notNegative), default: "1.0", "Least sum of hessians in a leaf."),
            ConfigurationKey("subsample", .number(.share), default: "1.0", "Share of the rows that a tree sees."),
            ConfigurationKey(
                "column_sample", .number(.share), default: "1.0", "Share of the columns that a tree sees."),
            ConfigurationKey("lambda", .number(.notNegative), default: "1.0", "L2 penalty on leaf weights."),
            ConfigurationKey("seed", .integer(0...Int64(Int32.max)), default: "0", "Seed of what is random in it."),
        ], rules: [])

    static let rollback = ConfigurationShape.table(
        [
            ConfigurationKey("enabled", .boolean, default: "true", "Whether a worse version is rolled back by itself."),
            ConfigurationKey(
                "metric", metric,
                "What the two versions are compared by; `accuracy` when absent, for regression `rmse`."),
            ConfigurationKey(
                "margin", .number(.notNegative), default: "0.02",
                "How much worse the new version must be, in the metric's own unit."),
            ConfigurationKey(
                "minimum_labels", .integer(10...100_000_000), default: "300",
                "Rows with an outcome before any judgement."),
            ConfigurationKey(
                "maximum_labels", .integer(10...100_000_000), default: "5000", "After this many the comparison ends."),
            ConfigurationKey(
                "observation", .duration(hour...decade), default: "30d", "After this time the comparison ends."),
        ], rules: [ConfigurationRules.minimumIsAtMostMaximum("minimum_labels", "maximum_labels")])
}

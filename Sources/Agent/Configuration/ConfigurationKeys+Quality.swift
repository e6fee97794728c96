import Detection
import Statistics

extension ConfigurationKeys {
    static let quality = ConfigurationShape.table(
        [
            ConfigurationKey(
                "defaults", .boolean, default: "true", "Whether every check is made with its default rule."),
            ConfigurationKey(
                "disabled_checks", .list(of: .choice(QualityCheck.allCases.map(\.rawValue)), minimum: 0),
                default: "[]", "Checks that `defaults` leaves out."),
            ConfigurationKey(
                "rules", .list(of: qualityRule, minimum: 0), default: "[]",
                "Further rules; one with the check and severity of a default rule replaces it, for its columns."),
        ], rules: [])

    private static let qualityRule = ConfigurationShape.table(
        [
            ConfigurationKey(
                "check", .choice(QualityCheck.allCases.map(\.rawValue)), required: true, "What may be wrong."),
            ConfigurationKey(
                "columns", .list(of: .text(.any), minimum: 1),
                "The columns it watches; absent: all that the check is defined for."),
            ConfigurationKey(
                "maximum_share", .number(NumberRange(lower: 0, upper: 1)),
                "Above this share a window counts; for `missing`, above this increase over the reference. Absent: missing 0.05; unseen_category, out_of_range, duplicates 0.01; type_mismatch, invalid_value 0.001; schema 0.5."
            ),
            ConfigurationKey(
                "margin", .number(.notNegative), default: "0.1",
                "`out_of_range`: how far beyond the reference's range a value may lie, as a share of that range: 0, 0.1, 0.5, 1 or 10."
            ),
            ConfigurationKey(
                "maximum_p_value", .number(.share), default: "0.001",
                "A window counts only if the exact test of the share says so with at most this p-value."),
            ConfigurationKey(
                "minimum_sample", .integer(1...1_000_000_000), default: "20",
                "Fewer events in a window are `insufficient` and change nothing."),
        ] + persistence,
        rules: [ConfigurationRules.marginIsCounted, ConfigurationRules.persistenceIsPossible])

    static let segmentKeys = [
        ConfigurationKey(
            "segments", .list(of: .text(.any), minimum: 0), default: "[]",
            "Features, at most four: performance is also judged for each of their values, by the same rules."),
        ConfigurationKey(
            "segment_values", .integer(1...250), default: "50",
            "The most frequent values of a segment's feature that are looked at; the rest together is `other`. Of a continuous feature, its deciles."
        ),
        ConfigurationKey(
            "segment_drift", .boolean, default: "false",
            "Whether drift is judged for each segment too, within the same false-alarm budget: a pane's work and memory once more for each of `segments`."
        ),
    ]
}

import Detection
import Statistics
import Windowing

extension ConfigurationRules {
    /// What a budget needs besides its text's form.
    static let budgetCanBeKept: ConfigurationRule = { drift in
        var problems: [ConfigurationProblem] = []
        if let text = drift.text("false_alarms"), FalseAlarmBudget(text) == nil {
            problems.append(
                drift.problem(
                    at: "false_alarms", "is \(text): at most 1000000 alarms in at most 100 years",
                    suggestion: "1 per 30d"))
        }
        let isCalibrated = drift.has("false_alarms") || !drift.mentions("rules")
        if isCalibrated, let sample = drift.integer("minimum_sample"), sample < 20 {
            problems.append(
                drift.problem(
                    at: "minimum_sample", "is \(sample); calibrated detection needs intervals of at least 20 events",
                    suggestion: "20"))
        }
        return problems + (drift.mentions("false_alarms") || isCalibrated ? [] : keysWithoutBudget(drift))
    }

    /// Keys of calibrated detection where there is none: they would do nothing, and nobody would notice.
    private static func keysWithoutBudget(_ drift: CheckedTable) -> [ConfigurationProblem] {
        ["calibration", "columns", "smallest_effect", "clear_after", "severity", "multivariate"]
            .filter(drift.writtenKeys.contains)
            .map {
                drift.problem(
                    at: $0, "belongs to calibrated detection, which `rules` without `false_alarms` switches off",
                    suggestion: "false_alarms: 1 per 30d")
            }
    }

    /// Empirical calibration ranks an interval among the reference's own, which a table without times does not have.
    static let empiricalKnowsTheTime: ConfigurationRule = { model in
        guard let drift = model.table("drift"), let reference = model.table("reference"),
            drift.text("calibration") == DriftCalibration.empirical.rawValue, drift.writtenKeys.contains("calibration"),
            reference.has("file"), !reference.mentions("time")
        else { return [] }
        return [
            drift.problem(
                at: "calibration",
                "is empirical, which needs the time of the reference's rows; \(reference.keyPath).time names no column",
                suggestion: "\(reference.keyPath).time: timestamp")
        ]
    }

    static let segmentsAreFew: ConfigurationRule = { model in
        guard let columns = model.texts("segments") else { return [] }
        if columns.count > SegmentSettings.maximumColumns {
            return [
                model.problem(
                    at: "segments", "names \(columns.count) features; at most \(SegmentSettings.maximumColumns)")
            ]
        }
        if columns.isEmpty, model.boolean("segment_drift") == true {
            return [
                model.problem(
                    at: "segment_drift", "counts drift for each segment, and `segments` names no feature",
                    suggestion: "segments: [country]")
            ]
        }
        guard Set(columns).count < columns.count else { return [] }
        return [model.problem(at: "segments", "names a feature twice")]
    }
}

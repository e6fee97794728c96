import Foundation
import Learning
import Statistics

/// What one should know of a model before it decides anything: as Markdown, and as a page of its own.
struct ModelCard {
    enum Block {
        case text(String)
        case list([String])
        case table(header: [String], rows: [[String]])
    }

    typealias Section = (title: String, blocks: [Block])
    private typealias Format = ComparisonFormat

    let report: TrainReport

    var title: String { "Model card: \(report.name ?? "model of \(report.target)")" }

    var sections: [Section] {
        [
            ("Purpose", purpose), ("Data", data), ("Model", model), ("How good it is", quality),
            ("Segments", segments), ("Fairness", fairness), ("Limits", limits), ("How to roll back", rollback),
        ].filter { !$0.1.isEmpty }
    }

    private var purpose: [Block] {
        let kind =
            switch report.task {
            case .binary(let positive): "the probability that \"\(report.target)\" is \"\(positive)\""
            case .multiclass(let classes): "which of \(classes.count) classes \"\(report.target)\" has"
            case .regression: "the number \"\(report.target)\""
            }
        return [
            .text(report.purpose ?? "Not stated; whoever uses the model should write it down here."),
            .text("It predicts \(kind) (\(report.taskName): \(report.taskReason))."),
        ]
    }

    private var data: [Block] {
        var found: [Block] = [
            .text(
                "\(report.trainingRows) rows to learn from, \(report.holdoutRows) held out and seen by no training. "
                    + report.splitNote),
            .text(
                "\(report.features.count) columns: \(report.features.prefix(60).joined(separator: ", "))"
                    + (report.features.count > 60 ? ", …" : "") + "."),
        ]
        if !report.leftOut.isEmpty {
            found.append(.list(report.leftOut.map { "left out: \($0.column) (\($0.reason))" }))
        }
        return found
    }

    private var model: [Block] {
        var found: [Block] = [
            .text("\(report.learner), the best of \(report.trials.count) trials by \(report.metric.rawValue).")
        ]
        let parameters = report.parameters.sorted { $0.key < $1.key }
        if !parameters.isEmpty {
            found.append(
                .table(header: ["parameter", "value"], rows: parameters.map { [$0.key, Self.text($0.value)] }))
        }
        if !report.preparation.isEmpty { found.append(.list(report.preparation)) }
        if let note = report.stackNote { found.append(.text(note)) }
        if !report.importance.isEmpty {
            found.append(
                .table(
                    header: ["feature", "share of the gain"],
                    rows: report.importance.prefix(15).map { [$0.feature, Format.share($0.share)] }))
        }
        return found
    }

    private var quality: [Block] {
        var found: [Block] = [
            .table(
                header: ["on the hold-out", "value", "95 % interval"],
                rows: report.holdout.shown.map {
                    [$0.name, Format.number($0.value.value), MetricsText.interval($0.value)]
                })
        ]
        if !report.validation.isEmpty {
            found.append(
                .table(
                    header: ["in cross-validation", "mean", "standard deviation"],
                    rows: report.validation.map { [$0.name, Format.number($0.mean), Format.number($0.deviation)] }))
        }
        if let threshold = report.threshold {
            let from = threshold.threshold.isFinite ? "from \(Format.number(threshold.threshold)) on" : "never"
            found.append(
                .text(
                    "By the values given, decide for the positive class \(from): "
                        + "\(Format.number(threshold.value.value)) per row (\(MetricsText.interval(threshold.value))).")
            )
        }
        if let comparison = report.comparison { found.append(.text(comparison.sentence)) }
        if let lift = report.lift {
            found.append(
                .table(
                    header: ["rows, best scores first", "score from", "positives", "lift", "of all positives"],
                    rows: lift.parts.map {
                        [
                            "\($0.rows)", Format.number($0.lowestScore), Format.share($0.rate.value),
                            Format.number($0.lift), Format.share($0.gain),
                        ]
                    }))
        }
        return found
    }

    private var segments: [Block] {
        let names = report.holdout.headlines
        return report.holdout.segments.map { column, parts in
            .table(
                header: [column, "rows"] + names,
                rows: parts.map { part in
                    [part.name, "\(part.rows)"]
                        + names.map { name in
                            guard let value = part.metrics.first(where: { $0.name == name })?.value else { return "–" }
                            return "\(Format.number(value.value)) (\(MetricsText.interval(value)))"
                        }
                })
        }
    }

    private var fairness: [Block] {
        if report.holdout.fairness.isEmpty {
            return [.text("Not judged: no protected column was named (--protected).")]
        }
        return report.holdout.fairness.map { column, fairness in
            .table(
                header: ["by \(column)", "value", "95 % interval"],
                rows: fairness.named.map { [$0.name, Format.number($0.value.value), MetricsText.interval($0.value)] })
        }
    }

    private var limits: [Block] {
        [
            .list(
                report.warnings + [
                    "It knows the world of its data. Where the inputs drift, its errors are not those above: watch it.",
                    "An absent column, an unseen category and a cell of another kind count as missing.",
                    "What the numbers say of small segments is as uncertain as their intervals are wide.",
                ])
        ]
    }

    private var rollback: [Block] {
        guard let name = report.name else {
            return [.text("The model is not in a registry; go back by serving the artifact that was served before.")]
        }
        return [
            .text(
                "tidewatch models rollback \(name) --reason \"why\" makes the predecessor the champion again; "
                    + "tidewatch models history \(name) shows what served when.")
        ]
    }

    static func text(_ value: ParameterValue) -> String { value.number.map { Format.short($0) } ?? value.text ?? "" }
}

extension ComparisonFormat {
    /// A number with up to six digits that count; whole ones without a fraction.
    static func short(_ value: Double) -> String {
        value == value.rounded() && value.magnitude < 1e15 ? String(Int64(value)) : String(format: "%.6g", value)
    }
}

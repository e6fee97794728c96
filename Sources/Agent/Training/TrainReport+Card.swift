import Learning
import Statistics

extension TrainReport {
    var card: ModelCard { TrainReportCard(report: self).card }
}

/// The card of a model with a hold-out.
private struct TrainReportCard {
    private typealias Block = ModelCard.Block
    private typealias Format = ComparisonFormat

    let report: TrainReport

    var card: ModelCard {
        ModelCard(
            title: "Model card: \(report.name ?? "model of \(report.target)")",
            sections: [
                ("Purpose", purpose), ("Data", data), ("Model", model), ("How good it is", quality),
                ("What more rows would bring", curve), ("Segments", segments), ("Fairness", fairness),
                ("Limits", limits), ("How to roll back", ModelCard.rollback(report.name)),
            ])
    }

    private var purpose: [Block] {
        let kind =
            switch report.task {
            case .predicting(.binary(let positive)):
                "predicts the probability that \"\(report.target)\" is \"\(positive)\""
            case .predicting(.multiclass(let classes)):
                "predicts which of \(classes.count) classes \"\(report.target)\" has"
            case .predicting(.regression): "predicts the number \"\(report.target)\""
            case .ranking(let group):
                "puts the rows of one \"\(group)\" in order, those with the highest \"\(report.target)\" first"
            }
        return [
            .text(report.purpose ?? "Not stated; whoever uses the model should write it down here."),
            .text("It \(kind) (\(report.taskName): \(report.taskReason))."),
        ]
    }

    private var data: [Block] {
        let found: [Block] = [
            .text(
                "\(report.trainingRows) rows to learn from, \(report.holdoutRows) held out and seen by no training. "
                    + report.splitNote)
        ]
        return found + ModelCard.columns(report.features, leftOut: report.leftOut)
    }

    private var model: [Block] {
        var found: [Block] = [
            .text("\(report.learner), the best of \(report.trials.count) trials by \(report.metric).")
        ]
        let parameters = report.parameters.sorted { $0.key < $1.key }
        if !parameters.isEmpty {
            found.append(
                .table(header: ["parameter", "value"], rows: parameters.map { [$0.key, ModelCard.text($0.value)] }))
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
        let pictures = MetricsCharts.all(report.holdout)
        var found: [Block] = pictures.isEmpty ? [] : [.pictures(pictures)]
        found.append(
            .table(
                header: ["on the hold-out", "value", "95 % interval"],
                rows: report.holdout.shown.map {
                    [$0.name, Format.number($0.value.value), MetricsText.interval($0.value)]
                }))
        if !report.chance.isEmpty {
            found.append(
                .table(
                    header: ["an order by chance", "value"],
                    rows: report.chance.map { [$0.name, Format.number($0.value.value)] }))
        }
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
            if let note = report.thresholdNote { found.append(.text(note)) }
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

    private var curve: [Block] {
        guard let curve = report.curve else { return [] }
        var found: [Block] = []
        if curve.points.count > 1 {
            let picture = MetricsCharts.curve(
                curve.points.map { (size: Double($0.rows), mean: $0.mean, deviation: $0.deviation) })
            found.append(.pictures([("\(curve.metric) (up) by rows learned from, ± one standard deviation", picture)]))
            found.append(
                .table(
                    header: ["rows learned from", curve.metric, "standard deviation"],
                    rows: curve.points.map { ["\($0.rows)", Format.number($0.mean), Format.number($0.deviation)] }))
        }
        if let sentence = curve.sentence { found.append(.text(sentence)) }
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
        if case .ranking = report.task {
            return [.text("Not judged: it compares decisions on rows, and a ranking makes none.")]
        }
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
}

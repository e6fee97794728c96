import Learning

extension ClusterReport {
    private typealias Format = ComparisonFormat

    /// Columns of which the centres are shown; the report has all.
    private static let shownColumns = 40

    var card: ModelCard {
        ModelCard(
            title: "Model card: \(name ?? "clusters")",
            sections: [
                ("Purpose", purposeBlocks), ("Data", data), ("Model", model), ("Clusters", found), ("Limits", limits),
                ("How to roll back", ModelCard.rollback(name)),
            ])
    }

    private var purposeBlocks: [ModelCard.Block] {
        [
            .text(purpose ?? "Not stated; whoever uses the model should write it down here."),
            .text(
                "It says which of \(clusters.count) groups of like rows a row belongs to. No target was learned from."),
        ]
    }

    private var data: [ModelCard.Block] {
        [.text("\(rows) rows, all of them learned from.")] + ModelCard.columns(features, leftOut: leftOut)
    }

    private var model: [ModelCard.Block] {
        let iterations = "\(kMeans.iterations) iterations of the best of \(kMeans.parameters.restarts) starts"
        var blocks: [ModelCard.Block] = [
            .text("k-means on prepared columns: \(choiceNote) \(iterations), seed \(kMeans.parameters.seed).")
        ]
        if !preparation.isEmpty { blocks.append(.list(preparation)) }
        return blocks
    }

    private var found: [ModelCard.Block] {
        var blocks: [ModelCard.Block] = []
        let drawn = choices.compactMap { choice in
            choice.silhouette.map { (Double(choice.clusters), $0, nil as Double?) }
        }
        if drawn.count > 1 {
            blocks.append(
                .pictures([
                    (
                        "Mean silhouette (up) by number of clusters",
                        MetricsCharts.curve(drawn.map { (size: $0.0, mean: $0.1, deviation: $0.2) })
                    )
                ]))
        }
        blocks += [
            .text(
                "Mean silhouette: \(Format.number(kMeans.silhouette)) (1: far apart, 0: between clusters). A column sets a "
                    + "cluster apart by the standard deviations from the mean of all rows to its centre."),
            .table(
                header: ["cluster", "rows", "share", "set apart by"],
                rows: clusters.enumerated().map { ["\($0)", "\($1.rows)", Format.share($1.share), $1.summary] }),
            .table(header: ["centre"] + clusters.indices.map { "cluster \($0)" }, rows: centres),
        ]
        if let width = clusters.first?.centre.count, width > Self.shownColumns {
            blocks.append(.text("And \(width - Self.shownColumns) columns more, in report.json."))
        }
        if choices.count > 1 {
            blocks.append(
                .table(
                    header: ["clusters", "silhouette", "inertia"],
                    rows: choices.map {
                        ["\($0.clusters)", Format.number($0.silhouette), Format.number($0.inertia)]
                    }))
        }
        return blocks
    }

    private var centres: [[String]] {
        guard let first = clusters.first else { return [] }
        return first.centre.indices.prefix(Self.shownColumns).map { index in
            [first.centre[index].name] + clusters.map { Format.short($0.centre[index].value) }
        }
    }

    private var limits: [ModelCard.Block] {
        [
            .list(
                warnings + [
                    "Every row is in some cluster, however far from all of them: look at the distance that predict gives.",
                    "Distances weigh all columns alike; which columns are given decides what the clusters are.",
                    "An absent column, an unseen category and a cell of another kind count as missing and are filled.",
                ])
        ]
    }
}

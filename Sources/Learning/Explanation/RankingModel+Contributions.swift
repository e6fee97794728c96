extension RankingModel {
    /// TreeSHAP of each row's score, as `BoostedTreeModel.contributions`: what moved the row up or down its list.
    public func contributions(_ table: Table) throws(LearningError) -> Attributions {
        let features = schema.features.count
        let found = try ensemble.explain(table, kind: 2, outputs: features + 1).values
        var values: [Double] = []
        values.reserveCapacity(table.rowCount * features)
        for row in 0..<table.rowCount {
            values.append(contentsOf: found[(row * (features + 1))..<(row * (features + 1) + features)])
        }
        return Attributions(
            scale: .margin, features: schema.names, outputs: [problem.relevance],
            // The library says the same in every row.
            base: [table.rowCount > 0 ? found[features] : 0], values: values)
    }
}

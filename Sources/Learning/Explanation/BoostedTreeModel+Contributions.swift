import Statistics

extension BoostedTreeModel {
    /// TreeSHAP (Lundberg and others 2020, path-dependent): each feature's Shapley value in each row's margin, exact in the
    /// trees, with the training rows of each node as the background. XGBoost's `pred_contribs`.
    ///
    /// The table is read as by `predict`. Values are of single precision: the sum holds to about 10⁻⁵ of the largest.
    public func contributions(_ table: Table) throws(LearningError) -> Attributions {
        let (features, outputs) = (schema.features.count, outputCount)
        let found = try ensemble.explain(table, kind: 2, outputs: (features + 1) * outputs).values
        var values: [Double] = []
        values.reserveCapacity(table.rowCount * features * outputs)
        var base = [Double](repeating: 0, count: outputs)
        for index in 0..<(table.rowCount * outputs) {
            let start = index * (features + 1)
            values.append(contentsOf: found[start..<(start + features)])
            // The library says the same in every row.
            base[index % outputs] = found[start + features]
        }
        return Attributions(
            scale: .margin, features: schema.names, outputs: task.outputNames(target: target), base: base,
            values: values)
    }

    /// The parts of one row's contributions that are due to pairs of features (XGBoost's `pred_interactions`): a symmetric
    /// matrix, feature by feature, whose rows add up to the contributions; its diagonal is each feature's own part.
    ///
    /// A row at a time, because the cost grows with the square of the features.
    /// - Throws: `LearningError(.invalidInput)` for a table of another number of rows than one, or more than 500 features.
    public func interactions(_ table: Table, output: Int = 0) throws(LearningError) -> [[Double]] {
        let features = schema.features.count
        guard table.rowCount == 1, features <= 500, (0..<outputCount).contains(output) else {
            throw LearningError(
                .invalidInput, "interactions of \(table.rowCount) rows, \(features) features, output \(output)",
                advice: "Ask for one row of a model of at most 500 features, and for one of its outputs.")
        }
        let width = features + 1
        let found = try ensemble.explain(table, kind: 4, outputs: width * width * outputCount).values
        return (0..<features).map { row in
            let start = (output * width + row) * width
            return Array(found[start..<(start + features)])
        }
    }
}

extension ModelTask {
    /// What a model's numbers are of.
    func outputNames(target: String) -> [String] {
        switch self {
        case .binary(let positive): [positive]
        case .multiclass(let classes): classes
        case .regression: [target]
        }
    }
}

extension Predictions {
    /// Row by row, in it output by output: probabilities, or the values of a regression.
    var outputs: [Double] { task == .regression ? values : probabilities }
}

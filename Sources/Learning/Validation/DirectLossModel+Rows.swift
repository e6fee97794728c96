public import Statistics

/// The same on sampled rows of a stream.
extension DirectLossModel {
    /// Of trees that learn from some hundred to some thousand rows: losses are noisy, and deeper trees, or leaves of few
    /// rows, learn that noise.
    public static var parameters: BoostingParameters {
        var parameters = BoostingParameters(rounds: 60, learningRate: 0.1, maximumDepth: 4)
        parameters.minimumChildWeight = 20
        return parameters
    }

    /// - Parameter reference: the features; without any column what was predicted is the only one. Identifiers are left
    ///   out.
    /// - Throws: as `init(metric:reference:predicted:actual:parameters:)` of a table.
    public init(
        metric: PerformanceMetric, rows reference: MultivariateRows, predicted: [Double], actual: [Double],
        parameters: BoostingParameters = Self.parameters
    ) throws(LearningError) {
        let usable = MultivariateRows(reference.columns.filter { !$0.isIdentifying })
        try self.init(
            metric: metric, reference: Table(usable, rowCount: predicted.count), predicted: predicted, actual: actual,
            parameters: parameters)
    }

    /// The estimated loss of rows whose outcomes are not known yet; columns are found by name.
    public func estimate(rows: MultivariateRows, predicted: [Double]) throws(LearningError) -> LossEstimate {
        try estimate(Table(rows, rowCount: predicted.count), predicted: predicted)
    }
}

extension Table {
    /// - Precondition: so many rows, or no columns.
    fileprivate init(_ rows: MultivariateRows, rowCount: Int) {
        precondition(rows.columns.isEmpty || rows.count == rowCount, "one prediction per row")
        self.init(
            checked: rows.columns.map { column in
                switch column.cells {
                case .numeric(let values): TableColumn(name: column.name, numbers: values)
                case .categories(let codes, let names):
                    TableColumn(name: column.name, values: .categorical(codes: codes, categories: names))
                }
            }, rowCount: rowCount)
    }
}

public import Statistics

/// The second model of direct loss estimation: boosted trees that predict how wrong the first one is, from its features
/// and its prediction.
///
/// Of the reference's rows four in five train it; every fifth tells how well it does, so that the estimate's interval is
/// honest.
public struct DirectLossModel: Sendable {
    /// mae, mse or rmse.
    public let metric: PerformanceMetric
    public let quality: LossEstimate.Quality
    private let model: BoostedTreeModel
    private static let target = "\u{1}loss"
    private static let prediction = "\u{1}prediction"

    /// Trains; blocks the calling thread until it is done.
    /// - Parameters:
    ///   - reference: the features of rows whose outcomes are known.
    ///   - predicted: what the first model said of them. - Precondition: one per row.
    ///   - actual: the outcomes; rows without a finite one are left out.
    /// - Throws: `LearningError` as `BoostedTreeLearner.fit`, and for fewer than 50 usable rows.
    public init(
        metric: PerformanceMetric, reference: Table, predicted: [Double], actual: [Double],
        parameters: BoostingParameters = BoostingParameters()
    ) throws(LearningError) {
        precondition(predicted.count == reference.rowCount && actual.count == reference.rowCount, "one value per row")
        let rows = actual.indices.filter { actual[$0].isFinite && predicted[$0].isFinite }
        guard rows.count >= 50 else {
            throw LearningError(
                .noRows, "\(rows.count) reference rows have a prediction and an outcome",
                advice: "Give at least 50, so that losses can be learned.")
        }
        self.metric = metric
        let losses = rows.map { row -> Double in
            let error = actual[row] - predicted[row]
            return metric == .mae ? error.magnitude : error * error
        }
        let features = try Self.features(reference.rows(rows), predicted: rows.map { predicted[$0] })
        let table = try Table(columns: features.columns + [TableColumn(name: Self.target, numbers: losses)])
        let isHeld = { (index: Int) in index % 5 == 4 }
        let training = rows.indices.filter { !isHeld($0) }
        let held = rows.indices.filter(isHeld)
        model = try BoostedTreeLearner(parameters: parameters).fit(
            table.rows(training), target: Self.target, task: .regression)
        let found = try model.predict(table.rows(held)).values
        let expected = found.map { max(0, $0) }
        let rests = zip(held, expected).reduce(0) { $0 + (losses[$1.0] - $1.1) * (losses[$1.0] - $1.1) }
        let squares = expected.reduce(0) { $0 + $1 * $1 }
        quality = LossEstimate.Quality(
            meanLoss: expected.reduce(0, +) / Double(held.count),
            relativeDeviation: squares > 0 ? (rests / squares).squareRoot() : 0, rows: Int64(held.count))
    }

    /// The estimated loss of predictions whose outcomes are not known yet.
    /// - Precondition: one prediction per row.
    public func estimate(_ table: Table, predicted: [Double]) throws(LearningError) -> LossEstimate {
        var estimate = LossEstimate(metric: metric, quality: quality)
        for loss in try losses(table, predicted: predicted) { estimate.add(loss) }
        return estimate
    }

    /// What it says of each row.
    public func losses(_ table: Table, predicted: [Double]) throws(LearningError) -> [Double] {
        try model.predict(Self.features(table, predicted: predicted)).values
    }

    private static func features(_ table: Table, predicted: [Double]) throws(LearningError) -> Table {
        try Table(columns: table.columns + [TableColumn(name: prediction, numbers: predicted)])
    }
}

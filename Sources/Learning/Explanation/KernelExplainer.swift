import Statistics

/// KernelSHAP (Lundberg and Lee 2017) for a model of any kind: Shapley values of a prediction against background rows.
///
/// What a set of features is worth is the mean prediction of rows that have these features' cells from the explained row
/// and the others from each background row. Where all 2ᴹ sets of M features fit into `maximumCoalitions`, each is tried and
/// the values are exact. Else small and large sets are tried first and the rest is sampled, in pairs of a set and its
/// complement, and the values are those of the weighted regression whose sum is the prediction, as in the shap package.
public struct KernelExplainer: Sendable {
    /// Predictions asked for at a time, which bounds memory.
    private static let blockRows = 65_536

    private let model: any TrainedModel
    private let background: Table
    private let maximumCoalitions: Int
    private let seed: UInt64

    /// - Parameters:
    ///   - background: 1 to 10,000 typical rows; the cost grows with their number, and 100 are often enough.
    ///   - maximumCoalitions: sets of features tried per explained row, 8 to 1,000,000.
    public init(
        model: any TrainedModel, background: Table, maximumCoalitions: Int = 2_048, seed: UInt64 = 0
    ) throws(LearningError) {
        guard (1...10_000).contains(background.rowCount), (8...1_000_000).contains(maximumCoalitions) else {
            throw LearningError(
                .invalidParameter,
                "a background of \(background.rowCount) rows, \(maximumCoalitions) coalitions",
                advice: "Give 1 to 10,000 background rows and 8 to 1,000,000 coalitions.")
        }
        self.model = model
        self.background = background
        self.maximumCoalitions = maximumCoalitions
        self.seed = seed
    }

    /// Explains each row of the table, on the scale of the predictions.
    /// - Throws: `LearningError`: what the model throws, `.invalidInput` for columns that differ in kind from the
    ///   background's.
    public func explain(
        _ table: Table, control: TrainingControl = TrainingControl()
    ) throws(LearningError) -> Attributions {
        let rows = try BackgroundRows(model: model, background: background, explained: table)
        let features = rows.features.count
        let outputs = model.task.outputNames(target: model.target)
        let coalitions = CoalitionPlan(features: features, maximum: maximumCoalitions, seed: seed)
        let base = try means(rows, coalitions: [[Bool](repeating: false, count: features)], row: 0)
        var values: [Double] = []
        values.reserveCapacity(table.rowCount * features * outputs.count)
        for row in 0..<table.rowCount {
            let worth = try means(rows, coalitions: coalitions.sets, row: row, control: control)
            let full = try means(rows, coalitions: [[Bool](repeating: true, count: features)], row: row)
            for output in outputs.indices {
                let series = coalitions.sets.indices.map { worth[$0 * outputs.count + output] }
                values += coalitions.shapleyValues(worth: series, base: base[output], full: full[output])
            }
            control.progress(Double(row + 1) / Double(table.rowCount), "row \(row + 1) of \(table.rowCount)")
        }
        return Attributions(
            scale: .prediction, features: rows.features, outputs: outputs, base: base, values: values)
    }

    /// The mean prediction over the background, coalition by coalition, in it output by output.
    private func means(
        _ rows: BackgroundRows, coalitions: [[Bool]], row: Int, control: TrainingControl = TrainingControl()
    ) throws(LearningError) -> [Double] {
        let width = model.task.outputNames(target: model.target).count
        let perBlock = max(1, Self.blockRows / rows.backgroundCount)
        var means: [Double] = []
        for start in stride(from: 0, to: coalitions.count, by: perBlock) {
            try control.check()
            let block = coalitions[start..<min(start + perBlock, coalitions.count)]
            let table = rows.mixed(count: block.count * rows.backgroundCount) { feature, new in
                let (coalition, background) = new.quotientAndRemainder(dividingBy: rows.backgroundCount)
                return block[start + coalition][feature] ? rows.backgroundCount + row : background
            }
            let outputs = try model.predict(table).outputs
            for coalition in 0..<block.count {
                for output in 0..<width {
                    var sum = 0.0
                    for background in 0..<rows.backgroundCount {
                        sum += outputs[(coalition * rows.backgroundCount + background) * width + output]
                    }
                    means.append(sum / Double(rows.backgroundCount))
                }
            }
        }
        return means
    }
}

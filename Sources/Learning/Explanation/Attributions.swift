/// What each feature added to each prediction: per row and output, `base` plus the contributions is the prediction.
public struct Attributions: Codable, Sendable, Equatable {
    /// What the contributions add up to.
    public enum Scale: String, Codable, Sendable {
        /// The trees' sum before it is turned into a probability: log-odds of a binary task, a score per class of a
        /// multiclass task, the value itself of regression.
        case margin
        /// What the model predicts: P(positive), P(class) or the value.
        case prediction
    }

    public let scale: Scale
    public let features: [String]
    /// The positive label, the classes, or the target of a regression.
    public let outputs: [String]
    public let rowCount: Int
    /// Per output: the mean prediction of a background, or what a tree predicts before any feature is known.
    public let base: [Double]
    /// Row by row, in it output by output, in it feature by feature.
    public let values: [Double]

    init(scale: Scale, features: [String], outputs: [String], base: [Double], values: [Double]) {
        precondition(base.count == outputs.count, "one base per output")
        self.scale = scale
        self.features = features
        self.outputs = outputs
        self.base = base
        self.values = values
        rowCount = features.isEmpty ? 0 : values.count / (features.count * outputs.count)
    }

    /// The contributions of all features to one prediction, in the order of `features`.
    public func contributions(row: Int, output: Int = 0) -> ArraySlice<Double> {
        let start = (row * outputs.count + output) * features.count
        return values[start..<(start + features.count)]
    }

    /// The prediction, as the sum of its parts.
    public func total(row: Int, output: Int = 0) -> Double {
        contributions(row: row, output: output).reduce(base[output], +)
    }

    /// The mean magnitude of each feature's contributions, largest first (ties by name).
    public func importance(output: Int = 0) -> [(feature: String, mean: Double)] {
        var sums = [Double](repeating: 0, count: features.count)
        for row in 0..<rowCount {
            for (index, value) in contributions(row: row, output: output).enumerated() { sums[index] += abs(value) }
        }
        let means = zip(features, sums).map { (feature: $0, mean: $1 / Double(max(1, rowCount))) }
        return means.sorted { ($1.mean, $0.feature) < ($0.mean, $1.feature) }
    }
}

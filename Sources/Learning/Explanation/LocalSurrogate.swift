import Foundation
import Statistics

/// LIME for tables (Ribeiro, Singh, Guestrin 2016): a linear model of what the model says near a row.
///
/// As the `lime` package does by default: numbers are cut at the quartiles of the training rows, a neighbour draws each cell
/// from the training rows, and the surrogate is a ridge regression (penalty 1) on whether each feature is in the same cell
/// as in the explained row, weighted by √exp(−d² / w²), where d² is the number of features that differ and w is ¾·√M. Where
/// there are more features than asked for, those with the largest weights in a first regression stay. Unlike there, numbers
/// within a quartile are training values and not draws of a truncated normal distribution, and a missing number is a cell
/// of its own.
public struct LocalSurrogate: Sendable {
    /// One feature's part.
    public struct Term: Codable, Sendable, Equatable {
        public let feature: String
        /// What is true of the row: `age ≤ 37`, `job = clerk`.
        public let condition: String
        /// How much higher the prediction is where that is true.
        public let weight: Double
    }

    /// The surrogate of one prediction.
    public struct Explanation: Codable, Sendable, Equatable {
        /// The label, the class or the target that it is of.
        public let output: String
        /// What the model says of the row, and what the surrogate says.
        public let prediction: Double
        public let localPrediction: Double
        public let intercept: Double
        /// The share of the neighbours' weighted variance that the surrogate explains: near 0, its weights mean nothing.
        public let r2: Double
        /// Largest magnitude first.
        public let terms: [Term]
    }

    private let model: any TrainedModel
    private let training: Table
    private let samples: Int
    private let maximumFeatures: Int
    private let seed: UInt64

    /// - Parameters:
    ///   - training: rows that say what values a feature has, at most 100,000.
    ///   - samples: neighbours per row, 10 to 100,000.
    ///   - maximumFeatures: terms of a surrogate, 1 or more.
    public init(
        model: any TrainedModel, training: Table, samples: Int = 5_000, maximumFeatures: Int = 10, seed: UInt64 = 0
    ) throws(LearningError) {
        guard (1...100_000).contains(training.rowCount), (10...100_000).contains(samples), maximumFeatures >= 1 else {
            throw LearningError(
                .invalidParameter,
                "\(training.rowCount) training rows, \(samples) samples, \(maximumFeatures) features",
                advice: "Give 1 to 100,000 training rows, 10 to 100,000 samples and at least one feature.")
        }
        self.model = model
        self.training = training
        self.samples = samples
        self.maximumFeatures = maximumFeatures
        self.seed = seed
    }

    /// Explains the outputs of one row of the table: the positive class, each class, or the value.
    public func explain(_ table: Table, row: Int = 0) throws(LearningError) -> [Explanation] {
        guard (0..<table.rowCount).contains(row) else {
            throw LearningError(
                .invalidInput, "row \(row) of a table of \(table.rowCount)", advice: "Rows are counted from 0.")
        }
        let rows = try BackgroundRows(model: model, background: training, explained: table)
        let explained = rows.backgroundCount + row
        let features = rows.features.count
        var generator = SplitMix(seed: seed)
        // The first neighbour is the row itself.
        let origins = (0..<features).map { _ in
            [explained] + (1..<samples).map { _ in Int.random(in: 0..<rows.backgroundCount, using: &generator) }
        }
        let cells = (0..<features).map { FeatureCell(rows.column($0), training: rows.backgroundCount, row: explained) }
        let isSame = (0..<features).map { feature in
            origins[feature].map { cells[feature].contains(rows.column(feature), row: $0) ? 1.0 : 0 }
        }
        let outputs = try model.predict(rows.mixed(count: samples) { origins[$0][$1] }).outputs
        let width = 0.75 * Double(features).squareRoot()
        let weights = (0..<samples).map { sample in
            let different = Double(features) - isSame.reduce(0) { $0 + $1[sample] }
            return exp(-different / (width * width)).squareRoot()
        }
        let names = model.task.outputNames(target: model.target)
        return names.indices.map { output in
            let values = (0..<samples).map { outputs[$0 * names.count + output] }
            return explanation(of: names[output], values, isSame, weights, cells.map(\.condition), rows.features)
        }
    }

    private func explanation(
        of output: String, _ values: [Double], _ isSame: [[Double]], _ weights: [Double], _ conditions: [String],
        _ names: [String]
    ) -> Explanation {
        var chosen = Array(isSame.indices)
        if chosen.count > maximumFeatures {
            let first = WeightedRidge(isSame, values, weights: weights, penalty: 0.01)
            chosen.sort { (-abs(first.coefficients[$0]), $0) < (-abs(first.coefficients[$1]), $1) }
            chosen = Array(chosen.prefix(maximumFeatures))
        }
        let ridge = WeightedRidge(chosen.map { isSame[$0] }, values, weights: weights, penalty: 1)
        let terms = zip(chosen, ridge.coefficients).map { feature, weight in
            Term(feature: names[feature], condition: conditions[feature], weight: weight)
        }
        return Explanation(
            output: output, prediction: values[0], localPrediction: ridge.intercept + ridge.coefficients.reduce(0, +),
            intercept: ridge.intercept, r2: ridge.r2,
            terms: terms.sorted { (-abs($0.weight), $0.feature) < (-abs($1.weight), $1.feature) })
    }
}

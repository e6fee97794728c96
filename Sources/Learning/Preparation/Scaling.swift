import Statistics

/// Brings numeric columns to a common scale. Missing cells stay missing; a boolean column becomes numeric.
///
/// Sample weights count in the standard scaling. The other methods go by places among the training values, which
/// weights do not move (extremes), or are there to be robust: as scikit-learn's scalers, they take no weights.
public struct Scaling: Codable, Sendable, Equatable {
    public enum Method: Codable, Sendable, Equatable {
        /// To mean 0 and standard deviation 1.
        case standard
        /// The least training value to `low`, the largest to `high`; served values may lie beyond.
        case minMax(low: Double, high: Double)
        /// To median 0 and a distance of 1 between two quantiles (0.25 and 0.75).
        case robust(low: Double, high: Double)
        /// To the share of training values below, or the normal quantile of that share, through a table of at most
        /// so many quantiles (2 to 10,000).
        case quantile(quantiles: Int, output: QuantileOutput)
    }

    public enum QuantileOutput: String, Codable, Sendable { case uniform, normal }

    public var columns: ColumnSelection
    public var method: Method

    public init(columns: ColumnSelection = .numeric, method: Method = .standard) {
        self.columns = columns
        self.method = method
    }

    func fit(_ columns: inout WorkingColumns, _ context: inout FitContext) throws(LearningError) -> FittedScaling {
        try validate()
        let names = try self.columns.resolve(in: columns)
        try context.requireNumbers(names, in: columns, for: "scaling")
        let weights = try context.weights(columns)
        var scales: [FittedScaling.Column] = []
        for name in names {
            let numbers = try columns.numbers(name)
            guard let scale = scale(numbers, weights) else {
                context.notes.append("\"\(name)\" has no value in the training rows and is not scaled.")
                continue
            }
            scales.append(FittedScaling.Column(name: name, scale: scale))
        }
        let fitted = FittedScaling(columns: scales, method: title)
        try fitted.applyToTraining(&columns)
        return fitted
    }

    private func validate() throws(LearningError) {
        switch method {
        case .standard: return
        case .minMax(let low, let high):
            guard low < high, low.isFinite, high.isFinite else {
                throw invalidStep("scaling to \(low)…\(high)", advice: "Give a range whose end is above its start.")
            }
        case .robust(let low, let high):
            guard low >= 0, low < high, high <= 1 else {
                throw invalidStep("robust scaling by the quantiles \(low) and \(high)", advice: "Take 0.25 and 0.75.")
            }
        case .quantile(let quantiles, _):
            guard (2...10_000).contains(quantiles) else {
                throw invalidStep("scaling by \(quantiles) quantiles", advice: "Take 2 to 10,000.")
            }
        }
    }

    private func scale(_ numbers: [Double], _ weights: [Double]?) -> FittedScaling.Scale? {
        switch method {
        case .standard:
            let found = weights.map { Moments.of(numbers, weights: $0) } ?? Moments.of(numbers)
            guard let moments = found else { return nil }
            return .linear(center: moments.mean, width: Self.width(moments), shift: 0)
        case .minMax(let low, let high):
            var least = Double.infinity
            var largest = -Double.infinity
            for number in numbers where !number.isNaN {
                least = min(least, number)
                largest = max(largest, number)
            }
            guard least <= largest else { return nil }
            let range = largest - least
            return .linear(center: least, width: (range > 0 && range.isFinite ? range : 1) / (high - low), shift: low)
        case .robust(let low, let high):
            var present = numbers.filter { !$0.isNaN }
            let found = OrderStatistics.quantiles(&present, levels: [low, 0.5, high].sorted())
            guard found.count == 3 else { return nil }
            let place = { (level: Double) in found[[low, 0.5, high].sorted().firstIndex(of: level) ?? 0] }
            let (first, median, last) = (place(low), place(0.5), place(high))
            let range = last - first
            return .linear(center: median, width: range > 0 && range.isFinite ? range : 1, shift: 0)
        case .quantile(let quantiles, let output):
            return QuantileScale(numbers, quantiles: quantiles, output: output).map { .quantile($0) }
        }
    }

    /// 1 for a column that is constant but for rounding (scikit-learn's bound).
    private static func width(_ moments: Moments) -> Double {
        let count = Double(moments.count)
        let error = count * moments.mean * Double.ulpOfOne
        let bound = count * Double.ulpOfOne * moments.variance + error * error
        return moments.variance > bound && moments.variance.isFinite ? moments.variance.squareRoot() : 1
    }

    private var title: String {
        switch method {
        case .standard: "mean 0 and standard deviation 1"
        case .minMax(let low, let high): "\(NumberText.text(of: low)) to \(NumberText.text(of: high))"
        case .robust: "median 0 and quantile distance 1"
        case .quantile(_, let output): "their quantiles (\(output.rawValue))"
        }
    }
}

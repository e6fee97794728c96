/// The least value that at least a share of the weight does not exceed: it makes the pinball loss of a constant least
/// (Koenker and Bassett 1978).
enum WeightedQuantile {
    /// The values 1, 2, 3, 4 with equal weights and the quantile 0.5: 2.
    /// - Precondition: there is a value, and one weight per value, if any.
    static func value(of values: [Float], weights: [Float]?, quantile: Double) -> Float {
        precondition(!values.isEmpty, "a quantile of nothing")
        guard let weights else {
            let place = Int((quantile * Double(values.count)).rounded(.up)) - 1
            return values.sorted()[min(max(place, 0), values.count - 1)]
        }
        let order = values.indices.sorted { values[$0] < values[$1] }
        let sought = quantile * weights.reduce(0) { $0 + Double($1) }
        var sum = 0.0
        for index in order {
            sum += Double(weights[index])
            if sum >= sought, weights[index] > 0 { return values[index] }
        }
        return values[order[order.count - 1]]
    }

    /// The mean of q·(outcome − forecast) where the outcome is above, else (1 − q)·(forecast − outcome).
    static func pinball(outcomes: [Float], forecasts: [Float], weights: [Float]?, quantile: Double) -> Double {
        var sum = 0.0
        var total = 0.0
        for row in outcomes.indices {
            let weight = Double(weights?[row] ?? 1)
            let error = Double(outcomes[row]) - Double(forecasts[row])
            sum += weight * max(quantile * error, (quantile - 1) * error)
            total += weight
        }
        return sum / total
    }
}

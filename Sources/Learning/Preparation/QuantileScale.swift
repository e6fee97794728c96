import Statistics

/// A table of quantiles that maps numbers to the share of training values below them (scikit-learn's
/// `QuantileTransformer`).
struct QuantileScale: Codable, Sendable, Equatable {
    /// Ascending, at equal distances of the share.
    private let quantiles: [Double]
    private let output: Scaling.QuantileOutput

    /// Beyond this share a normal quantile is cut off, since that of 0 and 1 is infinite.
    private static let margin = 1e-7
    private static let lowest = StandardNormal.quantile(margin - Double.ulpOfOne)
    private static let highest = StandardNormal.quantile(1 - (margin - Double.ulpOfOne))

    /// `nil` without a present number.
    init?(_ numbers: [Double], quantiles count: Int, output: Scaling.QuantileOutput) {
        let sorted = numbers.filter { !$0.isNaN }.sorted()
        guard let first = sorted.first else { return nil }
        self.output = output
        let places = max(1, min(count, numbers.count))
        var found = [first]
        for place in 1..<max(2, places) {
            let position = Double(place) / Double(max(1, places - 1)) * Double(sorted.count - 1)
            let low = min(Int(position), sorted.count - 1)
            let high = min(low + 1, sorted.count - 1)
            let value = OrderStatistics.interpolate(sorted[low], sorted[high], position - Double(low))
            found.append(max(found[place - 1], value))
        }
        quantiles = found
    }

    var isConsistent: Bool { quantiles.count > 1 }

    func value(_ number: Double) -> Double {
        let last = quantiles.count - 1
        switch output {
        case .uniform:
            // The upper end first: of a constant column every value is at both.
            if number <= quantiles[0] { return 0 }
            if number >= quantiles[last] { return 1 }
            return share(number)
        case .normal:
            var share = share(number)
            if number + Self.margin > quantiles[last] { share = 1 }
            if number - Self.margin < quantiles[0] { share = 0 }
            if share <= 0 { return Self.lowest }
            if share >= 1 { return Self.highest }
            return min(max(StandardNormal.quantile(share), Self.lowest), Self.highest)
        }
    }

    func inverse(_ value: Double) -> Double {
        let last = quantiles.count - 1
        var share = value
        if output == .normal {
            share = StandardNormal.lowerTail(value)
            // What was cut off came from the ends.
            if share < Self.margin { return quantiles[0] }
            if share > 1 - Self.margin { return quantiles[last] }
        }
        let position = share * Double(last)
        if !(position > 0) { return quantiles[0] }
        guard position < Double(last) else { return quantiles[last] }
        let low = Int(position)
        return quantiles[low] + (quantiles[low + 1] - quantiles[low]) * (position - Double(low))
    }

    /// The mean of the shares from below and from above, which differ where several quantiles are equal.
    private func share(_ number: Double) -> Double {
        let last = quantiles.count - 1
        let below = partition { $0 < number }
        let notAbove = partition { $0 <= number }
        if notAbove > below {
            // Among equal quantiles: the middle of their places.
            return (Double(below) + Double(notAbove - 1)) / 2 / Double(last)
        }
        if below == 0 { return 0 }
        if below > last { return 1 }
        let (low, high) = (quantiles[below - 1], quantiles[below])
        return (Double(below - 1) + (number - low) / (high - low)) / Double(last)
    }

    /// How many quantiles, from the first, satisfy a condition that holds up to some place.
    private func partition(_ holds: (Double) -> Bool) -> Int {
        var low = 0
        var high = quantiles.count
        while low < high {
            let middle = (low + high) / 2
            if holds(quantiles[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

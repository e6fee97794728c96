extension ColumnComparison {
    /// The Wasserstein-1 distance ∫|F − G| dx, in the column's unit: how far the average value would have to move.
    ///
    /// Exact for discrete columns, up to the place of values that the reference does not have. On a grid both functions
    /// are taken as linear within a cell, and the outer cells as wide as the reference's range. Of the window's values
    /// outside of it the farthest on each side is added where it is, and the others show in the means: no transport is
    /// shorter than their difference, so the larger of the two is taken. A window that has moved away altogether is thus
    /// right, and an outlier counts as what it is: its distance divided by n (at most 1,024 standard deviations).
    public func wasserstein() -> StatisticValue {
        guard reference.kind == .numeric else {
            return StatisticValue(status: .error, method: "not defined for a \(reference.kind.rawValue) column")
        }
        guard reference.present > 0, let mean = window.mean(on: reference) else {
            return StatisticValue(status: .noData)
        }
        let area = area(CountLine(self)) + outliers
        return StatisticValue(value: max(area, (mean - reference.mean).magnitude), method: "grid")
    }

    /// The Wasserstein distance divided by the reference's standard deviation. For a constant reference 0 where the
    /// window is the same constant, else an error.
    public func wassersteinNormalized() -> StatisticValue {
        let plain = wasserstein()
        guard let value = plain.value else { return plain }
        guard reference.standardDeviation.isNormal else {
            return value == 0
                ? StatisticValue(value: 0, method: plain.method)
                : StatisticValue(status: .error, method: "the reference has no spread")
        }
        return StatisticValue(value: value / reference.standardDeviation, method: plain.method)
    }

    /// What the farthest value beyond either end of the reference's range adds, on a grid.
    private var outliers: Double {
        guard case .grid = reference.binning, let low = reference.minimum, let high = reference.maximum else {
            return 0
        }
        let reach = FixedPoint.clamp * reference.scale
        let above = min(window.maximum ?? high, reference.origin + reach) - high
        let below = low - max(window.minimum ?? low, reference.origin - reach)
        return (max(0, above) + max(0, below)) / Double(window.present)
    }

    private func area(_ line: CountLine) -> Double {
        let (m, n) = (Double(reference.present), Double(window.present))
        var sums = (reference: Int64(0), window: Int64(0))
        var area = 0.0
        var previous: Double?
        for step in line.steps {
            let before = Double(sums.reference) / m - Double(sums.window) / n
            if let previous { area += before.magnitude * (step.lower - previous) }
            sums.reference &+= step.reference
            sums.window &+= step.window
            let after = Double(sums.reference) / m - Double(sums.window) / n
            area += Self.meanMagnitude(before, after) * (step.upper - step.lower)
            previous = step.upper
        }
        return area
    }

    /// The mean of |x| for x going straight from `a` to `b`.
    private static func meanMagnitude(_ a: Double, _ b: Double) -> Double {
        guard a * b < 0 else { return (a + b).magnitude / 2 }
        return (a * a + b * b) / (2 * (a - b).magnitude)
    }
}

extension ColumnComparison {
    /// sup|F − G| at the edges of the grid: at most the exact statistic, and below it by no more than the error bound,
    /// the largest share that any grid cell holds on either side (cells of a single value hide nothing).
    ///
    /// The p-value is that of the finite-sample law at the effective size round(mn/(m + n)), as SciPy's `asymp`; as D is
    /// never too large, it is never too small. For a discrete column, values not in the reference are placed at their
    /// mean, and their share is the error bound.
    public func kolmogorovSmirnov() -> StatisticValue {
        guard reference.kind == .numeric else {
            return StatisticValue(status: .error, method: "not defined for a \(reference.kind.rawValue) column")
        }
        let (m, n) = (reference.present, window.present)
        guard m > 0, n > 0 else { return StatisticValue(status: .noData) }
        let line = CountLine(self)
        var sums: (reference: Int64, window: Int64) = (0, 0)
        var largest = 0.0
        var bound = 0.0
        for step in line.steps {
            sums.reference &+= step.reference
            sums.window &+= step.window
            let difference = Double(sums.reference) / Double(m) - Double(sums.window) / Double(n)
            largest = max(largest, difference.magnitude)
            if !step.isPoint {
                bound = max(bound, Double(step.reference) / Double(m), Double(step.window) / Double(n))
            }
        }
        return StatisticValue(
            value: largest, pValue: TwoSampleTests.asymptoticPValue(largest, Int(m), Int(n)), method: "asymptotic",
            errorBound: min(bound, 1 - largest))
    }
}

/// The counts of both sides along the line of values.
struct CountLine {
    struct Step {
        /// The values of the step lie in `lower`…`upper`.
        var lower: Double
        var upper: Double
        var reference: Int64
        var window: Int64
        /// All its values are one.
        var isPoint: Bool
    }

    private(set) var steps: [Step] = []

    init(_ comparison: ColumnComparison) {
        let (reference, window) = (comparison.reference, comparison.window)
        switch reference.binning {
        case .grid(let edges, _):
            let low = reference.minimum ?? 0
            let high = reference.maximum ?? 0
            for cell in 0...edges.count {
                let lower = cell == 0 ? min(low, edges.first ?? low) : edges[cell - 1]
                let upper = cell == edges.count ? max(high, edges.last ?? high) : edges[cell]
                let isPoint = cell > 0 && cell < edges.count && lower.nextUp == upper
                steps.append(
                    Step(
                        lower: lower, upper: isPoint ? lower : upper, reference: reference.counts[cell],
                        window: window.counts[cell], isPoint: isPoint))
            }
        case .discrete(let values):
            steps = values.indices.map { index in
                Step(
                    lower: values[index], upper: values[index], reference: reference.counts[index],
                    window: window.counts[index], isPoint: true)
            }
            placeOthers(values, reference, window)
        case .categories: break
        }
    }

    /// The values that the reference does not have, all at their mean: it follows from the window's sum.
    private mutating func placeOthers(_ values: [Double], _ reference: ColumnReference, _ window: ColumnSummary) {
        guard let others = window.counts.last, others > 0, let mean = window.mean(on: reference) else { return }
        var rest = mean * (Double(window.present) / Double(others))
        for (value, count) in zip(values, window.counts) { rest -= value * (Double(count) / Double(others)) }
        let low = window.minimum ?? rest
        let place = rest.isFinite ? min(max(rest, low), max(low, window.maximum ?? rest)) : low
        let step = Step(lower: place, upper: place, reference: 0, window: others, isPoint: false)
        steps.insert(step, at: steps.firstIndex { $0.lower > place } ?? steps.count)
    }
}

extension ColumnComparison {
    /// The two-sample Cramér–von Mises test on the cells of the grid, each taken as one tied value
    /// (`TwoSampleTests.cramerVonMises`): T = mn/(m + n)²·Σ(F − G)², with the mean of a cell's ends for the values in it.
    ///
    /// The p-value is the asymptotic one under these ties, valid on any number of cells. The error bound is how far T may
    /// be from the statistic of the single values: within a cell F − G is off that mean by no more than the larger share that
    /// either side has there. Fewer than two values on a side: `insufficient`.
    public func cramerVonMises() -> StatisticValue {
        guard let line = countLine else { return undefined }
        guard let groups = line.groups else { return StatisticValue(status: .noData) }
        let result = TwoSampleTests.cramerVonMises(groups, isExact: false, ties: .shared)
        guard result.status == .ok else { return StatisticValue(status: result.status, method: "too few values") }
        return StatisticValue(
            value: result.statistic, pValue: result.pValue, method: result.method,
            errorBound: line.cramerVonMisesBound)
    }

    /// The two-sample Anderson–Darling test on the cells of the grid, each taken as one tied value
    /// (`TwoSampleTests.andersonDarling`): normalised, around zero without drift, with a p-value between 0.001 and 0.25.
    /// No error bound exists: the weight 1/(H(1 − H)) has none in the outer cells.
    public func andersonDarling() -> StatisticValue {
        guard let line = countLine else { return undefined }
        guard let groups = line.groups else { return StatisticValue(status: .noData) }
        let result = TwoSampleTests.andersonDarling(groups)
        guard result.status == .ok else { return StatisticValue(status: result.status, method: "too few values") }
        return StatisticValue(value: result.statistic, pValue: result.pValue, method: result.method)
    }

    /// The energy distance √(2·∫(F − G)² dx), in the square root of the column's unit. Both functions are straight within a
    /// cell, and the outer cells as wide as the reference's range. Of what the window has beyond either end the mean and
    /// the farthest value are known: a mean excess e, reaching no farther than d, adds at least e²/d to the integral (Cauchy
    /// and Schwarz), which is taken. It is exact for one outlier, and for a window that has moved away altogether.
    public func energy() -> StatisticValue {
        guard let line = countLine else { return undefined }
        guard line.groups != nil else { return StatisticValue(status: .noData) }
        let area = line.integral { before, after in (before * before + before * after + after * after) / 3 }
        return StatisticValue(value: (2 * (area + excess(line))).squareRoot(), method: "grid")
    }

    private var countLine: CountLine? { reference.kind == .numeric ? CountLine(self) : nil }

    private var undefined: StatisticValue {
        StatisticValue(status: .error, method: "not defined for a \(reference.kind.rawValue) column")
    }

    /// What the window's values beyond the reference's range add to ∫(F − G)², on a grid.
    private func excess(_ line: CountLine) -> Double {
        guard case .grid = reference.binning, let low = reference.minimum, let high = reference.maximum,
            let mean = window.mean(on: reference)
        else { return 0 }
        let reach = FixedPoint.clamp * reference.scale
        // By how much the mean says more than the cells, whose values lie within the range.
        let rest = mean - line.windowMean
        func part(_ farthest: Double, _ rest: Double) -> Double {
            guard farthest > 0 else { return 0 }
            let excess = min(farthest, max(rest, farthest / Double(window.present)))
            return excess * (excess / farthest)
        }
        return part(min(window.maximum ?? high, reference.origin + reach) - high, rest)
            + part(low - max(window.minimum ?? low, reference.origin - reach), -rest)
    }
}

extension CountLine {
    /// The cells as ties; `nil` where a side is empty.
    var groups: RankedGroups? { RankedGroups(steps.map(\.reference), steps.map(\.window)) }

    private var totals: (Double, Double) {
        (steps.reduce(0) { $0 + Double($1.reference) }, steps.reduce(0) { $0 + Double($1.window) })
    }

    /// The window's mean if its values lay in the middle of their cells.
    var windowMean: Double {
        let count = totals.1
        return steps.reduce(0) { $0 + ($1.lower / 2 + $1.upper / 2) * (Double($1.window) / count) }
    }

    /// ∫ over the line of a function of F − G, given its mean over a stretch on which F − G goes straight from one value
    /// to another.
    func integral(_ mean: (_ before: Double, _ after: Double) -> Double) -> Double {
        let (m, n) = totals
        var sums = (0.0, 0.0)
        var area = 0.0
        var previous: Double?
        for step in steps {
            let before = sums.0 / m - sums.1 / n
            if let previous { area += mean(before, before) * (step.lower - previous) }
            sums.0 += Double(step.reference)
            sums.1 += Double(step.window)
            area += mean(before, sums.0 / m - sums.1 / n) * (step.upper - step.lower)
            previous = step.upper
        }
        return area
    }

    /// mn/(m + n)·Σ h·e·(2·max|F − G| + e) over the cells that are not points, with h their share of all values and e the
    /// larger of both sides' shares.
    var cramerVonMisesBound: Double {
        let (m, n) = totals
        var sums = (0.0, 0.0)
        var bound = 0.0
        for step in steps {
            let before = (sums.0 / m - sums.1 / n).magnitude
            sums.0 += Double(step.reference)
            sums.1 += Double(step.window)
            guard !step.isPoint else { continue }
            let after = (sums.0 / m - sums.1 / n).magnitude
            let error = max(Double(step.reference) / m, Double(step.window) / n)
            let share = (Double(step.reference) + Double(step.window)) / (m + n)
            bound += share * error * (2 * max(before, after) + error)
        }
        return m * n / (m + n) * bound
    }
}

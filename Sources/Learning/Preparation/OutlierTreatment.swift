import Statistics

/// Finds cells or rows far from the rest.
public struct OutlierTreatment: Codable, Sendable, Equatable {
    public enum Method: Codable, Sendable, Equatable {
        /// Outside [Q1 − k·IQR, Q3 + k·IQR] (Tukey's fences; k = 1.5).
        case interquartile(multiple: Double)
        /// More than so many standard deviations from the mean (3).
        case zScore(limit: Double)
        /// Rows that random splits isolate early (Liu, Ting, Zhou 2008), over all the step's columns together.
        case isolationForest(IsolationForestParameters)
    }

    public enum Action: Codable, Sendable, Equatable {
        /// Leaves training rows out; nothing happens to rows that are served.
        case drop
        /// Moves the cell to the nearest limit. A forest has no limits: that is an error.
        case clip
        /// Adds `name__outlier`; for a forest one column `isolation_forest__outlier`.
        case flag
    }

    public var columns: ColumnSelection
    public var method: Method
    public var action: Action

    public init(columns: ColumnSelection = .numeric, method: Method, action: Action) {
        self.columns = columns
        self.method = method
        self.action = action
    }

    func fit(_ columns: inout WorkingColumns, _ context: inout FitContext) throws(LearningError) -> FittedOutliers {
        let names = try self.columns.resolve(in: columns)
        try context.requireNumbers(names, in: columns, for: "finding outliers")
        let fitted: FittedOutliers
        switch method {
        case .interquartile(let multiple): fitted = try limits(names, columns, spread: multiple)
        case .zScore(let limit): fitted = try limits(names, columns, spread: limit)
        case .isolationForest(let parameters):
            guard action != .clip else {
                throw invalidStep(
                    "an isolation forest cannot clip: it has no limits per column",
                    advice: "Drop or flag its rows, or clip by interquartile range or z-score.")
            }
            try parameters.validate()
            let cells = try names.map { (name) throws(LearningError) in try columns.numbers(name) }
            let forest = cells.isEmpty ? nil : IsolationForest(cells, parameters: parameters, seed: context.seed)
            fitted = FittedOutliers(action: action, limits: [], names: names, forest: forest)
        }
        if action == .drop {
            let isOutlier = try fitted.outlierRows(columns)
            if isOutlier.contains(true) { columns.keep(rows: isOutlier.indices.filter { !isOutlier[$0] }) }
        } else {
            var applied = ApplyContext()
            try fitted.apply(&columns, &applied)
        }
        return fitted
    }

    private func limits(
        _ names: [String], _ columns: WorkingColumns, spread: Double
    ) throws(LearningError) -> FittedOutliers {
        guard spread > 0, spread.isFinite else {
            throw invalidStep("the limit for outliers is \(spread)", advice: "Set it above 0.")
        }
        var limits: [FittedOutliers.Limits] = []
        for name in names {
            let numbers = try columns.numbers(name)
            if case .zScore = method {
                // A column without a value has no outlier.
                guard let moments = Moments.of(numbers) else { continue }
                let width = spread * moments.variance.squareRoot()
                limits.append(.init(name: name, low: moments.mean - width, high: moments.mean + width))
            } else {
                var present = numbers.filter { !$0.isNaN }
                let quartiles = OrderStatistics.quantiles(&present, levels: [0.25, 0.75])
                guard quartiles.count == 2 else { continue }
                let width = spread * (quartiles[1] - quartiles[0])
                limits.append(.init(name: name, low: quartiles[0] - width, high: quartiles[1] + width))
            }
        }
        // Limits beyond the range of doubles limit nothing, and cannot be written as JSON.
        let finite = limits.filter { $0.low.isFinite && $0.high.isFinite }
        return FittedOutliers(action: action, limits: finite, names: [], forest: nil)
    }
}

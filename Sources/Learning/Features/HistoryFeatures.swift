import Statistics

/// Adds what the earlier rows of the same entity held: lags and rolling statistics.
///
/// Only rows of an earlier time count, never the row itself nor rows of the same time, so that the order of rows within
/// one time does not matter (without a time column, rows before it in the table). A row without an entity or a time has
/// no history and is in nobody's.
public struct HistoryFeatures: Codable, Sendable, Equatable {
    public enum RollingStatistic: String, Codable, Sendable, CaseIterable {
        case mean, sum, minimum, maximum, count
        /// Standard deviation of the sample (divided by n − 1).
        case deviation
    }

    /// Numeric or boolean features; the target is unknown when serving and cannot be among them.
    public var columns: [String]
    public var sequence: RowSequence
    /// Rows back: `name__lag1` is the row before.
    public var lags: [Int]
    /// Numbers of rows: `name__mean7` is over the seven rows before, as far as there are. Missing cells are left out.
    public var windows: [Int]
    public var statistics: [RollingStatistic]
    /// Entities that a serving state remembers; the ones that were silent longest are forgotten first.
    public var maximumEntities: Int

    public init(
        columns: [String], sequence: RowSequence, lags: [Int] = [1], windows: [Int] = [],
        statistics: [RollingStatistic] = [.mean], maximumEntities: Int = 100_000
    ) {
        self.columns = columns
        self.sequence = sequence
        self.lags = lags
        self.windows = windows
        self.statistics = statistics
        self.maximumEntities = maximumEntities
    }

    var hasValidDepth: Bool { (lags + windows).allSatisfy { (1...1_000).contains($0) } && !(lags + windows).isEmpty }

    func fit(_ columns: inout WorkingColumns, _ context: inout FitContext) throws(LearningError) -> FittedHistory {
        guard hasValidDepth else {
            throw invalidStep("the lags are \(lags), the windows \(windows)", advice: "Take 1 to 1,000 rows.")
        }
        guard Set(lags).count == lags.count, Set(windows).count == windows.count,
            Set(statistics).count == statistics.count
        else {
            throw invalidStep("a lag, window or statistic is named twice", advice: "Name each once.")
        }
        guard (1...10_000_000).contains(maximumEntities) else {
            throw invalidStep(
                "a history of \(maximumEntities) entities", advice: "Remember 1 to 10,000,000 of them.")
        }
        let names = try ColumnSelection.names(self.columns).resolve(in: columns)
        try context.requireNumbers(names, in: columns, for: "a lag")
        try sequence.require(in: columns, &context)
        let fitted = FittedHistory(step: self)
        var applied = ApplyContext()
        try fitted.apply(&columns, &applied)
        return fitted
    }
}

struct FittedHistory: FittedTransform {
    let step: HistoryFeatures

    private var depth: Int { (step.lags + step.windows).max() ?? 1 }

    func apply(_ columns: inout WorkingColumns, _ context: inout ApplyContext) throws(LearningError) {
        let order = try step.sequence.ordered(columns)
        let cells = try step.columns.map { (name) throws(LearningError) in try columns.numbers(name) }
        var history = context.state.histories[context.step] ?? EntityHistory(depth: depth, width: cells.count)
        let outputsPerColumn = step.lags.count + step.windows.count * step.statistics.count
        var outputs = [[Double]](
            repeating: [Double](repeating: .nan, count: columns.rowCount), count: outputsPerColumn * cells.count)
        history.visit(order, cells) { row, column, past in
            var place = column * outputsPerColumn
            for lag in step.lags {
                outputs[place][row] = lag <= past.count ? past[past.count - lag] : .nan
                place += 1
            }
            for window in step.windows {
                let present = past.suffix(window).filter { !$0.isNaN }
                for statistic in step.statistics {
                    outputs[place][row] = Self.value(statistic, present)
                    place += 1
                }
            }
        }
        history.forgetOldest(maximum: step.maximumEntities)
        context.state.histories[context.step] = history
        for (name, numbers) in zip(outputNames, outputs) {
            try columns.append(TableColumn(name: name, numbers: numbers))
        }
    }

    private var outputNames: [String] {
        step.columns.flatMap { name in
            step.lags.map { "\(name)__lag\($0)" }
                + step.windows.flatMap { window in step.statistics.map { "\(name)__\($0.rawValue)\(window)" } }
        }
    }

    /// Missing without a present value, but for the count (0); so is a deviation of one value.
    private static func value(_ statistic: HistoryFeatures.RollingStatistic, _ numbers: [Double]) -> Double {
        let count = Double(numbers.count)
        if statistic == .count { return count }
        guard count > 0 else { return .nan }
        let sum = numbers.reduce(0, +)
        switch statistic {
        case .count: return count
        case .sum: return sum
        case .mean: return sum / count
        case .minimum: return numbers.min() ?? .nan
        case .maximum: return numbers.max() ?? .nan
        case .deviation:
            guard count > 1 else { return .nan }
            let squares = numbers.reduce(0) { $0 + ($1 - sum / count) * ($1 - sum / count) }
            return (squares / (count - 1)).squareRoot()
        }
    }

    var isConsistent: Bool { step.hasValidDepth }

    var description: String {
        let whose = step.sequence.entity.map { " of the same \($0)" } ?? ""
        return "Earlier rows\(whose) are looked back at (lags \(step.lags), windows \(step.windows)): "
            + "\(listed(step.columns))."
    }
}

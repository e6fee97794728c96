import Statistics

struct FittedOutliers: FittedTransform {
    struct Limits: Codable, Sendable, Equatable {
        let name: String
        let low: Double
        let high: Double

        var flag: String { name + "__outlier" }

        /// Missing cells are no outliers.
        func excludes(_ number: Double) -> Bool { number < low || number > high }
    }

    static let forestFlag = "isolation_forest__outlier"

    let action: OutlierTreatment.Action
    let limits: [Limits]
    /// The columns of the forest.
    let names: [String]
    let forest: IsolationForest?

    func apply(_ columns: inout WorkingColumns, _ context: inout ApplyContext) throws(LearningError) {
        switch action {
        case .drop: return
        case .clip:
            for limit in limits {
                try columns.update(limit.name) { numbers in
                    for row in numbers.indices where limit.excludes(numbers[row]) {
                        numbers[row] = numbers[row] < limit.low ? limit.low : limit.high
                    }
                }
            }
        case .flag:
            for limit in limits {
                let flags = try columns.numbers(limit.name).map { limit.excludes($0) ? Int8(1) : 0 }
                try columns.append(TableColumn(name: limit.flag, values: .boolean(flags)))
            }
            guard forest != nil else { return }
            let flags = try outlierRows(columns).map { $0 ? Int8(1) : 0 }
            try columns.append(TableColumn(name: Self.forestFlag, values: .boolean(flags)))
        }
    }

    /// Rows with an outlier in any of the columns.
    func outlierRows(_ columns: WorkingColumns) throws(LearningError) -> [Bool] {
        var found = [Bool](repeating: false, count: columns.rowCount)
        for limit in limits {
            let numbers = try columns.numbers(limit.name)
            for row in numbers.indices where limit.excludes(numbers[row]) { found[row] = true }
        }
        guard let forest else { return found }
        let cells = try names.map { (name) throws(LearningError) in try columns.numbers(name) }
        return forest.scores(cells, rows: columns.rowCount).map { $0 > forest.threshold }
    }

    var isConsistent: Bool { forest?.isConsistent(columns: names.count) ?? true }

    var description: String {
        let names = forest == nil ? limits.map(\.name) : names
        let what = forest == nil ? "Cells outside their limits" : "Rows that an isolation forest singles out"
        switch action {
        case .drop: return "\(what) are left out of the training rows, not of served ones: \(listed(names))."
        case .clip: return "\(what) are moved to the limit: \(listed(names))."
        case .flag: return "\(what) are marked: \(listed(names))."
        }
    }
}

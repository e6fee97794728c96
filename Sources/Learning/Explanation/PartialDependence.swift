import Statistics

/// The mean prediction of a table's rows with one feature set to each of some values (Friedman 2001), and the curves of
/// single rows (individual conditional expectation; Goldstein and others 2015).
public struct PartialDependence: Codable, Sendable, Equatable {
    /// Where the feature was set to.
    public enum Grid: Codable, Sendable, Equatable {
        case numbers([Double])
        /// Categories, or `false` and `true`.
        case categories([String])

        public var count: Int {
            switch self {
            case .numbers(let numbers): numbers.count
            case .categories(let categories): categories.count
            }
        }
    }

    public let feature: String
    public let outputs: [String]
    public let grid: Grid
    /// Per output, per point of the grid.
    public let means: [[Double]]
    /// Per output, per row of some, evenly taken from the table: one value per point of the grid.
    public let curves: [[[Double]]]

    /// - Parameters:
    ///   - points: of a number with more values than that, so many between its 5th and 95th percentile, 2 to 1,000; at most
    ///     so many categories, the most frequent ones.
    ///   - curves: rows whose own curve is kept, 0 to 1,000.
    ///   - maximumRows: of a longer table so many rows, evenly taken.
    /// - Throws: `LearningError`: `.unknownColumn`, `.noRows`, `.invalidParameter`, `.invalidInput` for a column without any
    ///   value; what the model throws.
    public static func measure(
        _ model: any TrainedModel, on table: Table, feature: String, points: Int = 100, curves: Int = 50,
        maximumRows: Int = 100_000, control: TrainingControl = TrainingControl()
    ) throws(LearningError) -> PartialDependence {
        guard (2...1_000).contains(points), (0...1_000).contains(curves), maximumRows >= 1 else {
            throw LearningError(
                .invalidParameter, "\(points) points, \(curves) curves, \(maximumRows) rows",
                advice: "Give 2 to 1,000 points, 0 to 1,000 curves and at least one row.")
        }
        guard table.rowCount > 0 else {
            throw LearningError(.noRows, "the table has no rows", advice: "Give some typical rows.")
        }
        guard let place = table.columnNames.firstIndex(of: feature) else { throw table.unknownColumn(feature) }
        let rows = table.rowCount > maximumRows ? table.rows(evenly(maximumRows, of: table.rowCount)) : table
        let column = rows.columns[place]
        let grid = try Self.grid(column, points: points)
        let outputs = model.task.outputNames(target: model.target)
        let kept = curves == 0 ? [] : evenly(min(curves, rows.rowCount), of: rows.rowCount)
        var means = Array(repeating: [Double](), count: outputs.count)
        var own = Array(
            repeating: Array(repeating: [Double](), count: kept.count), count: outputs.count)
        for point in 0..<grid.count {
            try control.check()
            let values = try model.predict(rows.replacing(grid.constant(column, point), at: place)).outputs
            for output in outputs.indices {
                var sum = 0.0
                for row in 0..<rows.rowCount { sum += values[row * outputs.count + output] }
                means[output].append(sum / Double(rows.rowCount))
                for (curve, row) in kept.enumerated() {
                    own[output][curve].append(values[row * outputs.count + output])
                }
            }
        }
        return PartialDependence(feature: feature, outputs: outputs, grid: grid, means: means, curves: own)
    }

    private static func evenly(_ count: Int, of total: Int) -> [Int] {
        (0..<count).map { $0 * total / count }
    }

    private static func grid(_ column: TableColumn, points: Int) throws(LearningError) -> Grid {
        let grid: Grid
        switch column.values {
        case .numeric(let numbers):
            grid = .numbers(Self.numbers(numbers.filter(\.isFinite).sorted(), points: points))
        case .boolean: grid = .categories(column.missingCount == column.count ? [] : ["false", "true"])
        case .categorical(let codes, let categories):
            var counts = [Int](repeating: 0, count: categories.count)
            for code in codes where code >= 0 { counts[Int(code)] += 1 }
            let present = counts.indices.filter { counts[$0] > 0 }
            let ordered = present.sorted { (-counts[$0], categories[$0]) < (-counts[$1], categories[$1]) }
            grid = .categories(ordered.prefix(points).map { categories[$0] })
        }
        guard grid.count > 0 else {
            throw LearningError(
                .invalidInput, "every cell of the column \"\(column.name)\" is missing",
                advice: "Take a column with values.")
        }
        return grid
    }

    /// The values themselves if they are few; else evenly between the 5th and the 95th percentile, as scikit-learn (SciPy's
    /// `mquantiles`: Cunnane's plotting positions, αₚ = βₚ = 0.4).
    private static func numbers(_ sorted: [Double], points: Int) -> [Double] {
        var distinct: [Double] = []
        for value in sorted where distinct.last != value { distinct.append(value) }
        if distinct.count <= points { return distinct }
        let ends = [0.05, 0.95].map { share in
            let place = Double(sorted.count) * share + 0.4 + 0.2 * share
            let below = min(max(place.rounded(.down), 1), Double(sorted.count - 1))
            let part = min(max(place - below, 0), 1)
            return (1 - part) * sorted[Int(below) - 1] + part * sorted[Int(below)]
        }
        guard ends[1] > ends[0] else { return [ends[0]] }
        let step = (ends[1] - ends[0]) / Double(points - 1)
        return (0..<points).map { $0 == points - 1 ? ends[1] : ends[0] + Double($0) * step }
    }
}

extension PartialDependence.Grid {
    /// A column like the given one, all of whose cells are a point of the grid.
    fileprivate func constant(_ column: TableColumn, _ point: Int) -> TableColumn {
        switch (self, column.values) {
        case (.numbers(let numbers), _):
            return TableColumn(name: column.name, numbers: Array(repeating: numbers[point], count: column.count))
        case (.categories, .boolean):
            return TableColumn(
                name: column.name, values: .boolean(Array(repeating: Int8(point), count: column.count)))
        case (.categories(let names), _):
            return TableColumn(
                name: column.name,
                values: .categorical(codes: Array(repeating: Int32(point), count: column.count), categories: names))
        }
    }
}

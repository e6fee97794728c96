/// The cell of a feature that the explained row is in.
struct FeatureCell {
    let condition: String
    /// Of a number: what is above the first and not above the second; else `nil`.
    private let bounds: (low: Double, high: Double)?
    private let text: String?

    init(_ column: TableColumn, training: Int, row: Int) {
        text = column.text(at: row)
        guard case .numeric(let numbers) = column.values, !numbers[row].isNaN else {
            bounds = nil
            condition = text.map { "\(column.name) = \($0)" } ?? "\(column.name) is missing"
            return
        }
        let known = numbers.prefix(training).filter { !$0.isNaN }.sorted()
        let quartiles = known.isEmpty ? [] : [0.25, 0.5, 0.75].map { Self.quantile(known, $0) }
        let low = quartiles.last { $0 < numbers[row] }
        let high = quartiles.first { $0 >= numbers[row] }
        bounds = (low ?? -.infinity, high ?? .infinity)
        let (left, right) = (low.map { PlotNumber.text($0) }, high.map { PlotNumber.text($0) })
        condition =
            switch (left, right) {
            case (let low?, let high?): "\(low) < \(column.name) ≤ \(high)"
            case (let low?, nil): "\(column.name) > \(low)"
            case (nil, let high?): "\(column.name) ≤ \(high)"
            case (nil, nil): column.name
            }
    }

    func contains(_ column: TableColumn, row: Int) -> Bool {
        guard let bounds else { return column.text(at: row) == text }
        let number = column.number(at: row)
        return number > bounds.low && number <= bounds.high
    }

    /// Linear between the order statistics, as NumPy's `percentile`.
    private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        let place = share * Double(sorted.count - 1)
        let below = Int(place)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
}

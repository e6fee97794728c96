/// Rows in the order of a time column.
struct TimeOrder {
    /// All rows given, oldest first; rows of one time keep their order.
    let rows: [Int]
    /// Per entry of `rows` whether its time is later than that of the entry before.
    private let isNewTime: [Bool]

    /// - Parameters:
    ///   - column: numbers (seconds, a year, a counter), or texts that sort as they follow each other, as ISO 8601 does.
    ///   - rows: the rows to order.
    /// - Throws: `LearningError(.invalidInput)` for a cell without a time, or a text that is none.
    init(_ column: TableColumn, rows: [Int]) throws(LearningError) {
        func bad(_ row: Int, _ what: String) -> LearningError {
            LearningError(
                .invalidInput, "the time column \"\(column.name)\" \(what) in row \(row + 1)",
                advice: "Give numbers or ISO 8601 texts such as 2026-01-31 in every row.")
        }
        switch column.values {
        case .boolean:
            throw LearningError(
                .invalidInput, "the time column \"\(column.name)\" holds true and false",
                advice: "Name a column of numbers or of ISO 8601 texts.")
        case .numeric(let numbers):
            if let row = rows.first(where: { numbers[$0].isNaN }) { throw bad(row, "has no cell") }
            self.init(rows: rows) { numbers[$0] }
        case .categorical(let codes, let categories):
            if let row = rows.first(where: { codes[$0] < 0 }) { throw bad(row, "has no cell") }
            if let row = rows.first(where: { !Self.isOrdered(categories[Int(codes[$0])]) }) {
                throw bad(row, "is \"\(categories[Int(codes[row])])\"")
            }
            let places = categories.indices.sorted { categories[$0] < categories[$1] }
            var rank = [Int](repeating: 0, count: categories.count)
            for (place, category) in places.enumerated() { rank[category] = place }
            self.init(rows: rows) { rank[Int(codes[$0])] }
        }
    }

    private init<Time: Comparable>(rows: [Int], time: (Int) -> Time) {
        let ordered = rows.sorted { (time($0), $0) < (time($1), $1) }
        self.rows = ordered
        isNewTime = ordered.indices.map { $0 == 0 || time(ordered[$0 - 1]) < time(ordered[$0]) }
    }

    /// A text that begins with a year and a dash, whose order as a text is that of time.
    private static func isOrdered(_ text: String) -> Bool {
        let start = Array(text.utf8.prefix(5))
        return start.count == 5 && start.prefix(4).allSatisfy { (0x30...0x39).contains($0) } && start[4] == 0x2D
    }

    /// The first place from `place` on where a new time begins: rows of one time stay on one side of a split.
    func boundary(from place: Int) -> Int {
        var found = place
        while found < rows.count, !isNewTime[found] { found += 1 }
        return found
    }
}

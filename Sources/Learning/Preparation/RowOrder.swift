import Statistics

/// The columns that say whose row it is and when, for steps that look at earlier rows.
public struct RowSequence: Codable, Sendable, Equatable {
    /// Rows of one entity follow one another; `nil` for one sequence of all rows.
    public var entity: String?
    /// Numbers (of any unit) or RFC 3339 texts; `nil` for the order of the table.
    public var time: String?

    public init(entity: String? = nil, time: String? = nil) {
        self.entity = entity
        self.time = time
    }

    /// Marks the columns as read; they may be features or not.
    func require(in columns: WorkingColumns, _ context: inout FitContext) throws(LearningError) {
        for name in [entity, time].compactMap(\.self) {
            guard columns.has(name) else {
                throw LearningError(
                    .unknownColumn, "there is no column \"\(name)\" to order rows by",
                    advice: "Name the table's own columns of entity and time.")
            }
            guard name != context.problem.target else {
                throw invalidStep(
                    "rows are to be ordered by the target \"\(name)\"", advice: "It is not known when serving.")
            }
            if !columns.isFeature(name) { context.needed.insert(name) }
        }
    }

    /// The rows in time order; rows of the same time keep the table's order. Rows without an entity or a time have no
    /// place in a sequence and are left out.
    func ordered(_ columns: WorkingColumns) throws(LearningError) -> RowOrder {
        let rows = columns.rowCount
        var entities = [Int32](repeating: 0, count: rows)
        var keys = [""]
        if let entity { (entities, keys) = try columns.categories(entity) }
        guard let time else {
            return RowOrder(
                rows: (0..<rows).filter { entities[$0] >= 0 }, times: (0..<rows).map { Double($0) },
                entities: entities, keys: keys, hasTime: false)
        }
        let times = TimeReading.numbers(try columns.column(time))
        var order = (0..<rows).filter { entities[$0] >= 0 && !times[$0].isNaN }
        let isSorted = zip(order, order.dropFirst()).allSatisfy { times[$0] <= times[$1] }
        if !isSorted { order.sort { (times[$0], $0) < (times[$1], $1) } }
        return RowOrder(rows: order, times: times, entities: entities, keys: keys, hasTime: true)
    }
}

/// Rows of a table in the order in which they happened.
struct RowOrder {
    let rows: [Int]
    /// Per row of the table.
    let times: [Double]
    /// Per row of the table, an index into `keys`.
    let entities: [Int32]
    let keys: [String]
    /// Without one, `times` are row numbers, which start anew with each table.
    let hasTime: Bool

    /// The entities that have a row.
    func presentEntities() -> [Int] {
        var isPresent = [Bool](repeating: false, count: keys.count)
        for row in rows { isPresent[Int(entities[row])] = true }
        return isPresent.indices.filter { isPresent[$0] }
    }
}

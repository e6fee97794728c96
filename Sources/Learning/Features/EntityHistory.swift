import Statistics

/// The last rows of each entity: the values of some columns with their times, oldest first. Bounded in rows per entity
/// and in entities.
struct EntityHistory: Codable, Sendable, Equatable {
    private struct Entity: Codable, Sendable, Equatable {
        var key: String
        var lastUse = 0
        /// Ascending; at most `depth` rows of an earlier time than the latest, and those of the latest.
        var times: [Double] = []
        /// Per column as many as `times`; bit patterns, since missing cells (NaN) have no form in JSON.
        var bits: [[UInt64]]
    }

    /// Rows kept per entity.
    private let depth: Int
    private let width: Int
    private var entities: [Entity] = []
    private var placeOfKey: [String: Int] = [:]
    private var uses = 0
    /// The time of the next table's first row, where rows have no time but their number.
    private var rowsSeen = 0.0

    /// Of all entities together.
    var rowsKept: Int { entities.reduce(0) { $0 + $1.times.count } }

    init(depth: Int, width: Int) {
        self.depth = depth
        self.width = width
    }

    /// Shows each row, per column, the values of its entity's rows of an earlier time, oldest first; then the row becomes
    /// history itself. Rows come in the given order; a row that comes late (its time is before that of rows seen) sees
    /// only what was earlier, as far as it is still kept.
    mutating func visit(
        _ order: RowOrder, _ cells: [[Double]], _ body: (_ row: Int, _ column: Int, _ past: [Double]) -> Void
    ) {
        uses += 1
        var places = [Int](repeating: -1, count: order.keys.count)
        for row in order.rows {
            let code = Int(order.entities[row])
            if places[code] < 0 { places[code] = place(of: order.keys[code]) }
            let time = order.hasTime ? order.times[row] : rowsSeen + Double(row)
            let place = places[code]
            let earlier = entities[place].times.lastIndex { $0 < time }.map { $0 + 1 } ?? 0
            for column in 0..<width {
                body(row, column, entities[place].bits[column][..<earlier].map { Double(bitPattern: $0) })
            }
            insert(time, cells, row: row, into: place)
        }
        if !order.hasTime { rowsSeen += Double(order.times.count) }
    }

    mutating func forgetOldest(maximum: Int) {
        guard entities.count > maximum else { return }
        // Some more than needed, so that it does not happen at every new entity.
        entities.sort { ($0.lastUse, $0.key) > ($1.lastUse, $1.key) }
        entities.removeLast(entities.count - max(1, maximum * 9 / 10))
        placeOfKey = Dictionary(uniqueKeysWithValues: entities.enumerated().map { ($0.element.key, $0.offset) })
    }

    private mutating func place(of key: String) -> Int {
        if let known = placeOfKey[key] {
            entities[known].lastUse = uses
            return known
        }
        placeOfKey[key] = entities.count
        entities.append(Entity(key: key, lastUse: uses, bits: Array(repeating: [], count: width)))
        return entities.count - 1
    }

    private mutating func insert(_ time: Double, _ cells: [[Double]], row: Int, into place: Int) {
        let position = entities[place].times.lastIndex { $0 <= time }.map { $0 + 1 } ?? 0
        entities[place].times.insert(time, at: position)
        for column in 0..<width { entities[place].bits[column].insert(cells[column][row].bitPattern, at: position) }
        trim(place)
    }

    /// Rows of the latest time are not yet anybody's past, so that as many before them are still wanted.
    private mutating func trim(_ place: Int) {
        let times = entities[place].times
        let latest = times[times.count - 1]
        var firstLatest = times.count - 1
        while firstLatest > 0, times[firstLatest - 1] == latest { firstLatest -= 1 }
        if times.count - firstLatest > depth {
            remove(firstLatest..<(times.count - depth), from: place)
        }
        if firstLatest > depth { remove(0..<(firstLatest - depth), from: place) }
    }

    private mutating func remove(_ range: Range<Int>, from place: Int) {
        entities[place].times.removeSubrange(range)
        for column in 0..<width { entities[place].bits[column].removeSubrange(range) }
    }
}

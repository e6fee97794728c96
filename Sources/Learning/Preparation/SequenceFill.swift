import Statistics

enum SequenceFill {
    /// Fills the missing numbers of each entity on a straight line between its present ones, by their place in the
    /// sequence; outside the outermost present ones the nearest is taken (pandas' `interpolate`, both directions).
    static func interpolate(_ numbers: inout [Double], _ order: RowOrder) {
        var last = [Double](repeating: .nan, count: order.keys.count)
        var gaps = [[Int]](repeating: [], count: order.keys.count)
        for row in order.rows {
            let entity = Int(order.entities[row])
            let number = numbers[row]
            if number.isNaN {
                gaps[entity].append(row)
                continue
            }
            let start = last[entity].isNaN ? number : last[entity]
            let step = (number - start) / Double(gaps[entity].count + 1)
            for (index, gap) in gaps[entity].enumerated() { numbers[gap] = start + step * Double(index + 1) }
            gaps[entity].removeAll(keepingCapacity: true)
            last[entity] = number
        }
        for (entity, rows) in gaps.enumerated() where !last[entity].isNaN {
            for row in rows { numbers[row] = last[entity] }
        }
    }
}

/// The last present value of each column and entity: what a forward fill remembers from one table to the next.
struct LastValues: Codable, Sendable, Equatable {
    /// Entities that are remembered per step; the ones that were silent longest are forgotten first.
    static let maximumEntities = 100_000

    private struct Entity: Codable, Sendable, Equatable {
        var cells: [String: String] = [:]
        var lastUse = 0
    }

    private var entities: [String: Entity] = [:]
    private var uses = 0

    /// The column with its missing cells filled where the entity had a value before.
    mutating func fill(_ column: TableColumn, _ order: RowOrder) -> TableColumn {
        uses += 1
        switch column.values {
        case .numeric(var numbers):
            var last = order.keys.map { remembered(column.name, $0).flatMap { NumberText.number($0) } ?? .nan }
            let found = last
            for row in order.rows {
                let entity = Int(order.entities[row])
                if numbers[row].isNaN { numbers[row] = last[entity] } else { last[entity] = numbers[row] }
            }
            for (entity, number) in last.enumerated() where !number.isNaN && number != found[entity] {
                remember(column.name, order.keys[entity], number.description)
            }
            return TableColumn(name: column.name, numbers: numbers)
        case .boolean(var flags):
            var last = order.keys.map { key in remembered(column.name, key).map { $0 == "1" ? 1 : 0 } ?? Int8(-1) }
            fill(&flags, &last, order)
            for (entity, flag) in last.enumerated() where flag >= 0 {
                remember(column.name, order.keys[entity], String(flag))
            }
            return TableColumn(name: column.name, values: .boolean(flags))
        case .categorical(var codes, var categories):
            let known = order.keys.map { remembered(column.name, $0) }
            var codeOfCategory: [String: Int32] = [:]
            if known.contains(where: { $0 != nil }) {
                for (code, category) in categories.enumerated() { codeOfCategory[category] = Int32(code) }
            }
            var last = known.map { category -> Int32 in
                guard let category else { return -1 }
                if let code = codeOfCategory[category] { return code }
                let code = Int32(categories.count)
                codeOfCategory[category] = code
                categories.append(category)
                return code
            }
            fill(&codes, &last, order)
            for (entity, code) in last.enumerated() where code >= 0 {
                remember(column.name, order.keys[entity], categories[Int(code)])
            }
            return TableColumn(name: column.name, values: .categorical(codes: codes, categories: categories))
        }
    }

    mutating func forgetOldest() {
        guard entities.count > Self.maximumEntities else { return }
        let oldest = entities.sorted { ($0.value.lastUse, $0.key) < ($1.value.lastUse, $1.key) }
        for (key, _) in oldest.prefix(entities.count - Self.maximumEntities * 9 / 10) { entities[key] = nil }
    }

    private func fill<Cell: SignedInteger>(_ cells: inout [Cell], _ last: inout [Cell], _ order: RowOrder) {
        for row in order.rows {
            let entity = Int(order.entities[row])
            if cells[row] < 0 { cells[row] = last[entity] } else { last[entity] = cells[row] }
        }
    }

    private func remembered(_ column: String, _ entity: String) -> String? { entities[entity]?.cells[column] }

    private mutating func remember(_ column: String, _ entity: String, _ cell: String) {
        entities[entity, default: Entity()].cells[column] = cell
        entities[entity]?.lastUse = uses
    }
}

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
        let present = order.presentEntities()
        switch column.values {
        case .numeric(var numbers):
            var last = [Double](repeating: .nan, count: order.keys.count)
            for entity in present {
                last[entity] = cell(column.name, order.keys[entity]).flatMap { NumberText.number($0) } ?? .nan
            }
            for row in order.rows {
                let entity = Int(order.entities[row])
                if numbers[row].isNaN { numbers[row] = last[entity] } else { last[entity] = numbers[row] }
            }
            for entity in present where !last[entity].isNaN {
                remember(column.name, order.keys[entity], last[entity].description)
            }
            return TableColumn(name: column.name, numbers: numbers)
        case .boolean(var flags):
            var last = [Int8](repeating: -1, count: order.keys.count)
            for entity in present { last[entity] = cell(column.name, order.keys[entity]).flatMap { Int8($0) } ?? -1 }
            fill(&flags, &last, order)
            for entity in present where last[entity] >= 0 {
                remember(column.name, order.keys[entity], String(last[entity]))
            }
            return TableColumn(name: column.name, values: .boolean(flags))
        case .categorical(var codes, var categories):
            var codeOfCategory: [String: Int32] = [:]
            for (code, category) in categories.enumerated() { codeOfCategory[category] = Int32(code) }
            var last = [Int32](repeating: -1, count: order.keys.count)
            for entity in present {
                guard let category = cell(column.name, order.keys[entity]) else { continue }
                let code = codeOfCategory[category] ?? Int32(categories.count)
                if Int(code) == categories.count { categories.append(category) }
                codeOfCategory[category] = code
                last[entity] = code
            }
            fill(&codes, &last, order)
            for entity in present where last[entity] >= 0 {
                remember(column.name, order.keys[entity], categories[Int(last[entity])])
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

    private func cell(_ column: String, _ entity: String) -> String? { entities[entity]?.cells[column] }

    private mutating func remember(_ column: String, _ entity: String, _ cell: String) {
        entities[entity, default: Entity()].cells[column] = cell
        entities[entity]?.lastUse = uses
    }
}

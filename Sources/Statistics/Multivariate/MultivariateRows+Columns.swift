import Foundation

extension MultivariateRows {
    /// The rows of columns as they are read from events. Columns with fewer values than the longest are filled with
    /// missing ones.
    public init(columnValues columns: [(name: String, values: ReferenceBuilder.ColumnValues)]) {
        let rows = columns.map(\.values.count).max() ?? 0
        self.init(columns.map { Column(name: $0.name, cells: Cells($0.values, rows: rows)) })
    }

    /// At most `limit` rows, evenly spaced, in their order.
    public func thinned(limit: Int) -> MultivariateRows {
        guard count > limit, limit > 0 else { return self }
        return rows((0..<limit).map { $0 * count / limit })
    }
}

extension MultivariateRows.Cells {
    fileprivate init(_ values: ReferenceBuilder.ColumnValues, rows: Int) {
        let rest = rows - values.count
        switch values {
        case .numeric(let numbers): self = .numeric(numbers + Array(repeating: .nan, count: rest))
        case .boolean(let flags):
            let codes = flags.map { $0.map { Int32($0 ? 1 : 0) } ?? -1 }
            self = .categories(codes: codes + Array(repeating: -1, count: rest), names: ["false", "true"])
        case .categorical(let texts):
            var places: [ExactText: Int32] = [:]
            var names: [String] = []
            let codes = texts.map { text -> Int32 in
                guard let text else { return -1 }
                let key = ExactText(text)
                if let place = places[key] { return place }
                let place = Int32(names.count)
                places[key] = place
                names.append(text)
                return place
            }
            self = .categories(codes: codes + Array(repeating: -1, count: rest), names: names)
        }
    }
}

// Numbers as bytes: JSON has no NaN, and would take three times the space.
extension MultivariateRows: Codable {
    private struct Stored: Codable {
        var name: String
        var numbers: Data?
        var codes: Data?
        var names: [String]?
    }

    public init(from decoder: any Decoder) throws {
        let stored = try decoder.singleValueContainer().decode([Stored].self)
        let columns = try stored.map { column in
            if let numbers = column.numbers {
                return Column(
                    name: column.name, cells: .numeric(numbers.numbers(UInt64.self).map(Double.init(bitPattern:))))
            }
            let codes = (column.codes ?? Data()).numbers(Int32.self)
            let names = column.names ?? []
            guard codes.allSatisfy({ $0 >= -1 && Int($0) < names.count }) else {
                throw StatisticsError(.damaged, "the stored rows have a category without a name in \(column.name)")
            }
            return Column(name: column.name, cells: .categories(codes: codes, names: names))
        }
        guard Set(columns.map(\.cells.count)).count <= 1 else {
            throw StatisticsError(.damaged, "the stored rows have columns of different lengths")
        }
        self.init(columns)
    }

    public func encode(to encoder: any Encoder) throws {
        let stored = columns.map { column in
            switch column.cells {
            case .numeric(let values): Stored(name: column.name, numbers: Data(numbers: values.map(\.bitPattern)))
            case .categories(let codes, let names):
                Stored(name: column.name, codes: Data(numbers: codes), names: names)
            }
        }
        var container = encoder.singleValueContainer()
        try container.encode(stored)
    }
}

extension Data {
    fileprivate init(numbers: [some FixedWidthInteger]) {
        self.init()
        for number in numbers { Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) } }
    }

    fileprivate func numbers<Number: FixedWidthInteger>(_ type: Number.Type) -> [Number] {
        let size = MemoryLayout<Number>.size
        return withUnsafeBytes { bytes in
            (0..<(bytes.count / size)).map {
                Number(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * size, as: Number.self))
            }
        }
    }
}

import Statistics

/// A boolean column for each category.
struct FittedOneHot: FittedTransform {
    struct Column: Codable, Sendable, Equatable {
        let name: String
        let categories: CategoryDictionary
        /// One per category, then the one of the rest if there is a rest.
        let outputs: [String]
    }

    /// Columns that one step may make in all.
    static let maximumOutputs = 100_000

    let columns: [Column]

    static func fit(
        _ names: [String], _ table: WorkingColumns, maximum: Int
    ) throws(LearningError) -> FittedOneHot {
        guard (1...10_000).contains(maximum) else {
            throw invalidStep("one-hot encoding with \(maximum) categories", advice: "Keep 1 to 10,000 of a column.")
        }
        var columns: [Column] = []
        var total = 0
        for name in names {
            let (codes, categories) = try table.categories(name)
            let (kept, all) = CategoryDictionary.mostFrequent(codes: codes, categories: categories, maximum: maximum)
            // The order of the texts, as in other libraries, since that of the frequencies tells nothing to a learner.
            let sorted = kept.map(\.category).sorted()
            let outputs = sorted.map { "\(name)=\($0)" } + (all > maximum ? ["\(name)=(other)"] : [])
            columns.append(Column(name: name, categories: CategoryDictionary(sorted), outputs: outputs))
            total += outputs.count
        }
        guard total <= maximumOutputs else {
            throw invalidStep(
                "one-hot encoding would make \(total) columns, more than \(maximumOutputs)",
                advice: "Keep fewer categories, or take target, frequency or hashing encoding.")
        }
        return FittedOneHot(columns: columns)
    }

    func apply(_ table: inout WorkingColumns, _ context: inout ApplyContext) throws(LearningError) {
        for column in columns {
            let (cells, categories) = try table.categories(column.name)
            let codes = column.categories.codes(of: cells, categories, counts: &context.counts)
            let rest = column.outputs.count > column.categories.categories.count ? column.outputs.count - 1 : -1
            let flags = IndicatorColumns.flags(count: column.outputs.count, codes: codes, unseen: rest)
            for (name, flags) in zip(column.outputs, flags) {
                try table.append(TableColumn(name: name, values: .boolean(flags)))
            }
        }
        table.remove(Set(columns.map(\.name)))
    }

    /// The first category whose cell is set; missing where none is or it is that of the rest.
    func invert(_ table: inout WorkingColumns) throws(LearningError) {
        var gone: Set<String> = []
        for column in columns where !column.outputs.isEmpty && column.outputs.allSatisfy({ table.has($0) }) {
            var codes = [Int32](repeating: -1, count: table.rowCount)
            for (place, name) in column.outputs.prefix(column.categories.categories.count).enumerated() {
                for (row, number) in try table.numbers(name).enumerated() where number > 0.5 && codes[row] < 0 {
                    codes[row] = Int32(place)
                }
            }
            gone.formUnion(column.outputs)
            try table.append(
                TableColumn(
                    name: column.name,
                    values: .categorical(codes: codes, categories: column.categories.categories)))
        }
        table.remove(gone)
    }

    var isConsistent: Bool {
        columns.allSatisfy { column in
            let rest = column.outputs.count - column.categories.categories.count
            return (0...1).contains(rest) && column.outputs.count <= Int(Int16.max)
        }
    }

    var description: String {
        let outputs = columns.reduce(0) { $0 + $1.outputs.count }
        return "Categories become \(outputs) columns of yes and no: \(listed(columns.map(\.name)))."
    }
}

enum IndicatorColumns {
    /// Columns of 0 with a 1 where the row's code is the column's number.
    /// - Parameters:
    ///   - count: at most 32,767.
    ///   - unseen: the column of unseen categories; -1 for none.
    static func flags(count: Int, codes: [Int32], unseen: Int) -> [[Int8]] {
        // Narrow codes: each column reads all of them.
        let places = codes.map { $0 == CategoryDictionary.unseen ? Int16(unseen) : Int16(truncatingIfNeeded: $0) }
        return places.withUnsafeBufferPointer { places in
            (0..<count).map { column in
                let wanted = Int16(column)
                return [Int8](unsafeUninitializedCapacity: places.count) { cells, filled in
                    for row in 0..<places.count { cells[row] = places[row] == wanted ? 1 : 0 }
                    filled = places.count
                }
            }
        }
    }
}

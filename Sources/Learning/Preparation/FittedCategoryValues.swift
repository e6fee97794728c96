import Statistics

/// A number for each category: ordinal, target and frequency encoding.
struct FittedCategoryValues: FittedTransform {
    struct Output: Codable, Sendable, Equatable {
        let name: String
        /// By the category's place in the dictionary.
        let values: [Double]
        /// `nil`: a missing cell stays missing.
        let missing: Double?
        let unseen: Double
    }

    struct Column: Codable, Sendable, Equatable {
        let name: String
        let categories: CategoryDictionary
        /// One that has the column's own name takes its place.
        let outputs: [Output]
    }

    let columns: [Column]
    /// What the numbers are, for the model card.
    let what: String

    func apply(_ table: inout WorkingColumns, _ context: inout ApplyContext) throws(LearningError) {
        var replaced: Set<String> = []
        for column in columns {
            let (cells, categories) = try table.categories(column.name)
            let codes = column.categories.codes(of: cells, categories, counts: &context.counts)
            for output in column.outputs {
                // Unseen, missing, then the categories: codes from -2 up.
                let values = [output.unseen, output.missing ?? .nan] + output.values
                let numbers = values.withUnsafeBufferPointer { values in codes.map { values[Int($0) &+ 2] } }
                if output.name == column.name {
                    try table.replace(column.name, with: .numeric(numbers))
                } else {
                    try table.append(TableColumn(name: output.name, numbers: numbers))
                    replaced.insert(column.name)
                }
            }
        }
        table.remove(replaced)
    }

    /// Ordinal encoding only: several categories may share a frequency or a mean.
    func invert(_ table: inout WorkingColumns) throws(LearningError) {
        for column in columns where column.outputs.count == 1 && column.outputs[0].name == column.name {
            guard table.has(column.name) else { continue }
            let codes = try table.numbers(column.name).map { number -> Int32 in
                let place = number.rounded()
                return place >= 0 && place < Double(column.categories.categories.count) ? Int32(place) : -1
            }
            try table.replace(
                column.name, with: .categorical(codes: codes, categories: column.categories.categories))
        }
    }

    var isConsistent: Bool {
        columns.allSatisfy { column in
            column.outputs.allSatisfy { $0.values.count == column.categories.categories.count }
        }
    }

    var description: String { "Categories become \(what): \(listed(columns.map(\.name)))." }
}

import Statistics

/// Columns of numbers for learners that take nothing else: row by row, in double precision; a boolean is 0 or 1.
enum NumericFeatures {
    /// Beyond it, squares and their sums leave the range of a double; such numbers are missing cells to a preparation too.
    static let greatest = 1e100

    /// The matrix to learn from, rows × names.
    /// - Throws: `LearningError(.invalidInput)` for a column of text, or a cell that is missing or out of range: it says
    ///   which preparation is wanted. `.duplicateColumn`, `.unknownColumn`.
    static func training(_ table: Table, names: [String]) throws(LearningError) -> [Double] {
        var seen: Set<String> = []
        for name in names {
            guard seen.insert(name).inserted else {
                throw LearningError(
                    .duplicateColumn, "the feature \"\(name)\" is named twice", advice: "Name each feature once.")
            }
            try check(table.column(named: name))
        }
        var counts = AlignmentCounts()
        return serving(table, names: names, rows: 0..<table.rowCount, counts: &counts)
    }

    private static func check(_ column: TableColumn) throws(LearningError) {
        if case .categorical(_, let categories) = column.values {
            throw LearningError(
                .invalidInput,
                "the feature \"\(column.name)\" is text (\(categories.count) categories); this learner takes numbers",
                advice: "Add a preparation step that encodes it (one-hot, ordinal, target or frequency).")
        }
        guard column.missingCount == 0 else {
            throw LearningError(
                .invalidInput,
                "the feature \"\(column.name)\" has \(column.missingCount) missing cells of \(column.count)",
                advice: "Add an imputation step (mean, median, most frequent …), or leave the feature out.")
        }
        guard case .numeric(let numbers) = column.values else { return }
        if let row = numbers.firstIndex(where: { !(abs($0) <= greatest) }) {
            throw LearningError(
                .invalidInput,
                "the feature \"\(column.name)\" is \(column.text(at: row) ?? "missing") in row \(row + 1)",
                advice: "Add a preparation step that clips outliers, or leave the row out.")
        }
    }

    /// The matrix of some rows to predict; NaN where there is no number, which is counted.
    static func serving(
        _ table: Table, names: [String], rows: Range<Int>, counts: inout AlignmentCounts
    ) -> [Double] {
        let width = names.count
        var matrix = [Double](repeating: .nan, count: rows.count * width)
        var expected = 0
        for (index, name) in names.enumerated() {
            // Tables mostly have the model's columns in the model's order: look first behind the last one found.
            if expected >= table.columns.count || table.columns[expected].name != name {
                expected = table.columns.firstIndex { $0.name == name } ?? table.columns.count
            }
            guard expected < table.columns.count else {
                // A table is read in blocks; the first of them speaks for all.
                if rows.lowerBound == 0 { counts.absentColumns += 1 }
                expected = 0
                continue
            }
            write(table.columns[expected], rows: rows, into: &matrix, first: index, stride: width, counts: &counts)
            expected += 1
        }
        return matrix
    }

    private static func write(
        _ column: TableColumn, rows: Range<Int>, into matrix: inout [Double], first: Int, stride: Int,
        counts: inout AlignmentCounts
    ) {
        var position = first
        if case .numeric(let numbers) = column.values {
            for row in rows {
                let value = numbers[row]
                if abs(value) <= greatest {
                    matrix[position] = value
                } else if !value.isNaN {
                    counts.outOfRange += 1
                }
                position += stride
            }
            return
        }
        for row in rows {
            let value = column.number(at: row)
            if abs(value) <= greatest {
                matrix[position] = value
            } else if !value.isNaN {
                counts.outOfRange += 1
            } else if column.text(at: row) != nil {
                counts.unreadable += 1
            }
            position += stride
        }
    }
}

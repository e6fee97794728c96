import Statistics

/// Cells that did not fit the model's schema in one prediction; each of them was taken as missing.
public struct AlignmentCounts: Sendable, Equatable {
    /// Features that the table has no column for.
    public var absentColumns = 0
    /// Cells with a category the model never saw (or did not keep).
    public var unseenCategories = 0
    /// Cells of another kind than the model's that could not be read as its kind.
    public var unreadable = 0
    /// Infinities and numbers beyond single precision, or beyond 1e100 where a model computes in double precision.
    public var outOfRange = 0

    public init() {}
}

/// Turns tables into the model's matrix: features by name, categories by the fitted dictionary, NaN for missing.
struct FeatureEncoder: Sendable {
    let schema: FeatureSchema
    /// Per feature the code of each category; empty for the other kinds.
    private let codeOfCategory: [[String: Float]]

    init(schema: FeatureSchema) {
        self.schema = schema
        codeOfCategory = schema.features.map { feature in
            Dictionary(
                feature.categories.enumerated().map { ($0.element, Float($0.offset)) },
                uniquingKeysWith: { first, _ in first })
        }
    }

    /// The rows of the range, row by row (`range.count` × features).
    func encode(_ table: Table, rows range: Range<Int>, counts: inout AlignmentCounts) -> [Float] {
        let width = schema.features.count
        var matrix = [Float](repeating: .nan, count: range.count * width)
        var expected = 0
        // Made when it is first needed: a search for each of 50,000 columns takes a minute.
        var places: [String: Int]?
        for (index, feature) in schema.features.enumerated() {
            // Tables mostly have the model's columns in the model's order: look first behind the last one found.
            if expected >= table.columns.count || table.columns[expected].name != feature.name {
                let known =
                    places
                    ?? Dictionary(
                        table.columns.enumerated().map { ($0.element.name, $0.offset) },
                        uniquingKeysWith: { first, _ in first })
                places = known
                expected = known[feature.name] ?? table.columns.count
            }
            guard expected < table.columns.count else {
                // A table is encoded in blocks; the first of them speaks for all.
                if range.lowerBound == 0 { counts.absentColumns += 1 }
                expected = 0
                continue
            }
            let cells = FeatureCells(feature: feature, codes: codeOfCategory[index])
            cells.write(
                table.columns[expected].values, rows: range, into: &matrix, first: index, stride: width, counts: &counts
            )
            expected += 1
        }
        return matrix
    }
}

/// The cells of one feature.
private struct FeatureCells {
    let feature: FeatureSchema.Feature
    let codes: [String: Float]

    private enum Reading {
        case value(Float)
        case unseen, unreadable, outOfRange
    }

    func write(
        _ values: ColumnStorage, rows: Range<Int>, into matrix: inout [Float], first: Int, stride: Int,
        counts: inout AlignmentCounts
    ) {
        var position = first
        func put(_ reading: Reading) {
            switch reading {
            case .value(let value): matrix[position] = value
            case .unseen: counts.unseenCategories += 1
            case .unreadable: counts.unreadable += 1
            case .outOfRange: counts.outOfRange += 1
            }
        }
        switch values {
        case .numeric(let numbers):
            for row in rows {
                let number = numbers[row]
                if !number.isNaN { put(read(number)) }
                position += stride
            }
        case .boolean(let flags):
            for row in rows {
                if flags[row] >= 0 { put(read(flags[row] == 1)) }
                position += stride
            }
        case .categorical(let rowCodes, let categories):
            // Each category is read once, except in a few rows of a table with many.
            let known = rows.count < categories.count ? nil : categories.map { read($0) }
            for row in rows {
                let code = Int(rowCodes[row])
                if code >= 0 { put(known?[code] ?? read(categories[code])) }
                position += stride
            }
        }
    }

    private func read(_ number: Double) -> Reading {
        switch feature.kind {
        case .numeric:
            let value = Float(number)
            return value.isFinite ? .value(value) : .outOfRange
        case .boolean:
            return number == 0 || number == 1 ? .value(Float(number)) : .unreadable
        case .categorical:
            return category(NumberText.text(of: number), otherwise: .unreadable)
        }
    }

    private func read(_ flag: Bool) -> Reading {
        switch feature.kind {
        case .numeric, .boolean: .value(flag ? 1 : 0)
        case .categorical: category(flag ? "true" : "false", otherwise: .unreadable)
        }
    }

    private func read(_ text: String) -> Reading {
        switch feature.kind {
        case .categorical: return category(text, otherwise: .unseen)
        case .numeric:
            guard let number = NumberText.number(text) else { return .unreadable }
            return read(number)
        case .boolean:
            var text = text
            if let flag = text.withUTF8({ CellText.boolean(UnsafeRawBufferPointer($0)) }) { return read(flag) }
            guard let number = NumberText.number(text) else { return .unreadable }
            return read(number)
        }
    }

    private func category(_ text: String, otherwise: Reading) -> Reading {
        codes[text].map { .value($0) } ?? otherwise
    }
}

import Statistics

struct FittedImputation: FittedTransform {
    enum Cell: Codable, Sendable, Equatable {
        case number(Double)
        case category(String)
        case flag(Bool)
    }

    struct Fill: Codable, Sendable, Equatable {
        let name: String
        /// In sequences: for the rows that no present value of their entity reaches.
        let cell: Cell
        let isIndicated: Bool

        var indicator: String { name + "__missing" }
    }

    let strategy: Imputation.Strategy
    let fills: [Fill]

    func apply(_ columns: inout WorkingColumns, _ context: inout ApplyContext) throws(LearningError) {
        for fill in fills where fill.isIndicated {
            let isMissing = try columns.column(fill.name).missingFlags()
            try columns.append(TableColumn(name: fill.indicator, values: .boolean(isMissing)))
        }
        switch strategy {
        case .keep: return
        case .mean, .median, .mostFrequent, .constant: break
        case .forwardFill(let sequence):
            let order = try sequence.ordered(columns)
            try fillForward(&columns, order, &context, fills)
        case .linearInterpolation(let sequence):
            let order = try sequence.ordered(columns)
            var rest: [Fill] = []
            for fill in fills {
                if try columns.column(fill.name).kind == .numeric {
                    try columns.update(fill.name) { SequenceFill.interpolate(&$0, order) }
                } else {
                    rest.append(fill)
                }
            }
            // Nothing is remembered from one table to the next: the rows to come would be needed as well.
            var alone = ApplyContext()
            try fillForward(&columns, order, &alone, rest)
        }
        for fill in fills { try self.fill(&columns, fill.name, with: fill.cell) }
    }

    private func fillForward(
        _ columns: inout WorkingColumns, _ order: RowOrder, _ context: inout ApplyContext, _ fills: [Fill]
    ) throws(LearningError) {
        var memory = context.state.lastValues[context.step] ?? LastValues()
        for fill in fills {
            var column = try columns.column(fill.name)
            try columns.replace(fill.name, with: .boolean(Array(repeating: -1, count: columns.rowCount)))
            column = memory.fill(column, order)
            try columns.replace(fill.name, with: column.values)
        }
        memory.forgetOldest()
        context.state.lastValues[context.step] = memory
    }

    private func fill(
        _ columns: inout WorkingColumns, _ name: String, with cell: Cell
    ) throws(LearningError) {
        switch (try columns.column(name).values, cell) {
        case (.numeric, .number(let number)):
            try columns.update(name) { numbers in
                numbers.withUnsafeMutableBufferPointer { cells in
                    for row in cells.indices where cells[row].isNaN { cells[row] = number }
                }
            }
        case (.boolean(let flags), .flag(let flag)):
            try columns.replace(name, with: .boolean(flags.map { $0 < 0 ? (flag ? 1 : 0) : $0 }))
        case (.categorical(let codes, var categories), .category(let category)):
            guard codes.contains(where: { $0 < 0 }) else { return }
            let code = categories.firstIndex(of: category) ?? categories.count
            if code == categories.count { categories.append(category) }
            let filled = codes.map { $0 < 0 ? Int32(code) : $0 }
            try columns.replace(name, with: .categorical(codes: filled, categories: categories))
        default:
            throw LearningError(
                .corruptModel, "\"\(name)\" is to be filled with a cell of another kind",
                advice: "Restore the preparation from a copy, or fit it again.")
        }
    }

    var description: String {
        let names = listed(fills.map(\.name))
        let indicated = fills.count(where: \.isIndicated)
        let flags = indicated > 0 ? " \(indicated) of them get a column that says so." : ""
        switch strategy {
        case .mean: return "Missing cells take the mean of the training rows: \(names).\(flags)"
        case .median: return "Missing cells take the median of the training rows: \(names).\(flags)"
        case .mostFrequent: return "Missing cells take the most frequent training value: \(names).\(flags)"
        case .constant(let number, let category):
            return "Missing cells become \(NumberText.text(of: number)) or \"\(category)\": \(names).\(flags)"
        case .linearInterpolation: return "Missing cells are interpolated between their neighbours: \(names).\(flags)"
        case .forwardFill: return "Missing cells take the last value before them: \(names).\(flags)"
        case .keep: return "Missing cells are marked: \(names).\(flags)"
        }
    }
}

extension TableColumn {
    /// 1 where the cell is missing, else 0.
    func missingFlags() -> [Int8] {
        switch values {
        case .numeric(let numbers): numbers.map { $0.isNaN ? 1 : 0 }
        case .categorical(let codes, _): codes.map { $0 < 0 ? 1 : 0 }
        case .boolean(let flags): flags.map { $0 < 0 ? 1 : 0 }
        }
    }
}

import Statistics

extension TableColumn {
    /// The cells as numbers, NaN where missing or where the text is no number; booleans are 0 and 1.
    func numbers() -> [Double] {
        switch values {
        case .numeric(let numbers): return numbers
        case .boolean(let flags): return flags.map { $0 < 0 ? .nan : Double($0) }
        case .categorical(let codes, let categories):
            guard codes.count >= categories.count else { return codes.indices.map { number(at: $0) } }
            let known = categories.map { NumberText.number($0) ?? .nan }
            return codes.map { $0 < 0 ? .nan : known[Int($0)] }
        }
    }

    /// The cells as codes of categories, -1 where missing; numbers and booleans by their text.
    func categories() -> (codes: [Int32], categories: [String]) {
        switch values {
        case .categorical(let codes, let categories): return (codes, categories)
        case .boolean(let flags): return (flags.map { Int32($0) }, ["false", "true"])
        case .numeric(let numbers):
            var codeOfNumber: [Double: Int32] = [:]
            var categories: [String] = []
            let codes = numbers.map { number -> Int32 in
                if number.isNaN { return -1 }
                if let code = codeOfNumber[number] { return code }
                let code = Int32(categories.count)
                codeOfNumber[number] = code
                categories.append(NumberText.text(of: number))
                return code
            }
            return (codes, categories)
        }
    }

    /// The column as one of another kind; what cannot be read as that kind becomes missing and is counted.
    ///
    /// Infinities become missing too, and numbers beyond `NumericFeatures.greatest`: no step or learner computes with them.
    func aligned(to kind: ColumnKind, counts: inout AlignmentCounts) -> TableColumn {
        switch kind {
        case .numeric:
            if case .numeric(let numbers) = values { return withinRange(numbers, &counts) }
            let numbers = numbers()
            counts.unreadable += numbers.count { $0.isNaN } - missingCount
            return TableColumn(name: name, numbers: numbers).withinRange(numbers, &counts)
        case .categorical:
            if case .categorical = values { return self }
            let (codes, categories) = categories()
            return TableColumn(name: name, values: .categorical(codes: codes, categories: categories))
        case .boolean:
            if case .boolean = values { return self }
            let flags = (0..<count).map { flag(at: $0) }
            counts.unreadable += flags.count { $0 < 0 } - missingCount
            return TableColumn(name: name, values: .boolean(flags))
        }
    }

    private func withinRange(_ numbers: [Double], _ counts: inout AlignmentCounts) -> TableColumn {
        let greatest = NumericFeatures.greatest
        var outside = 0
        for number in numbers { outside &+= number.magnitude > greatest ? 1 : 0 }
        guard outside > 0 else { return self }
        counts.outOfRange += outside
        return TableColumn(name: name, numbers: numbers.map { $0.magnitude > greatest ? .nan : $0 })
    }

    private func flag(at row: Int) -> Int8 {
        guard case .categorical(let codes, let categories) = values else {
            let number = number(at: row)
            return number == 0 ? 0 : (number == 1 ? 1 : -1)
        }
        guard codes[row] >= 0 else { return -1 }
        var text = categories[Int(codes[row])]
        if let flag = text.withUTF8({ CellText.boolean(UnsafeRawBufferPointer($0)) }) { return flag ? 1 : 0 }
        let number = NumberText.number(text)
        return number == 0 ? 0 : (number == 1 ? 1 : -1)
    }

    /// A column of missing cells.
    static func missing(name: String, kind: ColumnKind, rows: Int) -> TableColumn {
        switch kind {
        case .numeric: TableColumn(name: name, values: .numeric(Array(repeating: .nan, count: rows)))
        case .boolean: TableColumn(name: name, values: .boolean(Array(repeating: -1, count: rows)))
        case .categorical:
            TableColumn(name: name, values: .categorical(codes: Array(repeating: -1, count: rows), categories: []))
        }
    }
}

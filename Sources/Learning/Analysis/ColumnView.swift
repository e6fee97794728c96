import Statistics

/// A column as the analysis sees it: numbers, or codes of names; times as numbers.
struct ColumnView {
    enum Cells {
        /// NaN is missing; infinities are no values either.
        case numbers([Double])
        /// −1 is missing.
        case codes([Int32], names: [String])
    }

    let name: String
    let kind: String
    var type: SemanticType
    let cells: Cells
    let missing: Int
    let infinite: Int
    /// Of numbers only, `nil` without a finite one.
    let numeric: NumericProfile?
    /// Of codes only.
    let category: CategoryProfile?
    /// How often each code occurs; empty for numbers.
    let counts: [Int]
    /// The finite numbers in ascending order; empty for codes.
    var sorted: [Double]
}

extension ColumnView {
    /// - Parameter time: reads a text as a time, `nil` for a text that is none.
    init(_ column: TableColumn, time: (String) -> Double?) {
        let codes: [Int32]
        let names: [String]
        switch column.values {
        case .numeric(let numbers):
            self.init(numbers: numbers, name: column.name, kind: "numeric", type: nil)
            return
        case .boolean(let flags):
            codes = flags.map(Int32.init)
            names = ["false", "true"]
        case .categorical(let given, let categories):
            codes = given
            names = categories
        }
        var counts = [Int](repeating: 0, count: names.count)
        var missing = 0
        for code in codes { if code >= 0 { counts[Int(code)] &+= 1 } else { missing &+= 1 } }
        if column.kind == .categorical, let times = Self.times(names, time) {
            let numbers = codes.map { $0 < 0 ? .nan : times[Int($0)] }
            self.init(numbers: numbers, name: column.name, kind: column.kind.rawValue, type: .time)
            return
        }
        let profile = CategoryProfile(names: names, counts: counts)
        self.init(
            name: column.name, kind: column.kind.rawValue,
            type: column.kind == .boolean && profile.distinct == 2 ? .binary : .ofTexts(profile),
            cells: .codes(codes, names: names), missing: missing, infinite: 0, numeric: nil, category: profile,
            counts: counts, sorted: [])
    }

    private init(numbers: [Double], name: String, kind: String, type: SemanticType?) {
        var finite: [Double] = []
        finite.reserveCapacity(numbers.count)
        var missing = 0
        var isRising = true
        for number in numbers {
            if number.isFinite {
                isRising = isRising && number > finite.last ?? -.infinity
                finite.append(number)
            } else if number.isNaN {
                missing &+= 1
            }
        }
        let sorted = isRising ? finite : RadixSort.ascending(finite)
        let profile = sorted.isEmpty ? nil : NumericProfile(sorted: sorted)
        let isCounter = isRising && sorted.count == numbers.count
        self.init(
            name: name, kind: kind,
            type: type ?? profile.map { .ofNumbers($0, name: name, isCounter: isCounter) } ?? .empty,
            cells: .numbers(numbers), missing: missing, infinite: numbers.count - missing - finite.count,
            numeric: profile, category: nil, counts: [], sorted: sorted)
    }

    /// The times of all names, if all are times; the first that is none ends it.
    private static func times(_ names: [String], _ time: (String) -> Double?) -> [Double]? {
        guard !names.isEmpty else { return nil }
        var times: [Double] = []
        for name in names {
            guard let value = time(name) else { return nil }
            times.append(value)
        }
        return times
    }

    var rows: Int {
        switch cells {
        case .numbers(let numbers): numbers.count
        case .codes(let codes, _): codes.count
        }
    }

    /// Cells with a value.
    var present: Int { rows - missing - infinite }

    var distinct: Int { numeric?.distinct ?? category?.distinct ?? 0 }

    /// Whether the column can tell rows apart without naming each: what pairs and drift are computed for.
    var isInformative: Bool {
        switch type {
        case .empty, .constant, .identifier, .text: false
        case .binary, .categorical, .integer, .continuous, .time: true
        }
    }

    /// Whether two cells are the same; missing is a value here, and all infinite cells are one.
    func isEqual(_ left: Int, _ right: Int) -> Bool {
        switch cells {
        case .numbers(let numbers):
            numbers[left] == numbers[right] || (numbers[left].isNaN && numbers[right].isNaN)
        case .codes(let codes, _): codes[left] == codes[right]
        }
    }

    /// Whether the cell has no value.
    func isMissing(_ row: Int) -> Bool {
        switch cells {
        case .numbers(let numbers): !numbers[row].isFinite
        case .codes(let codes, _): codes[row] < 0
        }
    }

    /// The cell as text; `nil` where it is missing.
    func text(_ row: Int) -> String? {
        switch cells {
        case .numbers(let numbers): numbers[row].isNaN ? nil : NumberText.text(of: numbers[row])
        case .codes(let codes, let names): codes[row] < 0 ? nil : names[Int(codes[row])]
        }
    }
}

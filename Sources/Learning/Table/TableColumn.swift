public import Statistics

/// The cells of one column; a missing cell has its own mark in each form.
public enum ColumnStorage: Sendable, Equatable {
    /// NaN is a missing cell; infinities are kept and count as missing for a learner.
    case numeric([Double])
    /// Indices into `categories`; -1 is a missing cell.
    case categorical(codes: [Int32], categories: [String])
    /// 0, 1, or -1 for a missing cell.
    case boolean([Int8])
}

/// A named, typed column of a `Table`.
public struct TableColumn: Sendable, Equatable {
    public let name: String
    public let values: ColumnStorage

    public init(name: String, values: ColumnStorage) {
        self.name = name
        self.values = values
    }

    public init(name: String, numbers: [Double]) {
        self.init(name: name, values: .numeric(numbers))
    }

    /// A categorical column; codes are given in order of first appearance, `nil` is missing.
    public init(name: String, texts: [String?]) {
        var codeOfText: [String: Int32] = [:]
        var categories: [String] = []
        let codes = texts.map { text -> Int32 in
            guard let text else { return -1 }
            if let code = codeOfText[text] { return code }
            let code = Int32(categories.count)
            codeOfText[text] = code
            categories.append(text)
            return code
        }
        self.init(name: name, values: .categorical(codes: codes, categories: categories))
    }

    /// A boolean column; `nil` is missing.
    public init(name: String, booleans: [Bool?]) {
        self.init(name: name, values: .boolean(booleans.map { $0.map { $0 ? 1 : 0 } ?? -1 }))
    }

    public var count: Int {
        switch values {
        case .numeric(let numbers): numbers.count
        case .categorical(let codes, _): codes.count
        case .boolean(let flags): flags.count
        }
    }

    public var kind: ColumnKind {
        switch values {
        case .numeric: .numeric
        case .categorical: .categorical
        case .boolean: .boolean
        }
    }

    public var missingCount: Int {
        switch values {
        case .numeric(let numbers): numbers.count { $0.isNaN }
        case .categorical(let codes, _): codes.count { $0 < 0 }
        case .boolean(let flags): flags.count { $0 < 0 }
        }
    }

    /// The cell as text (`nil` if missing): whole numbers without a fraction, booleans as `true` and `false`.
    public func text(at row: Int) -> String? {
        switch values {
        case .numeric(let numbers): numbers[row].isNaN ? nil : NumberText.text(of: numbers[row])
        case .categorical(let codes, let categories): codes[row] < 0 ? nil : categories[Int(codes[row])]
        case .boolean(let flags): flags[row] < 0 ? nil : (flags[row] == 1 ? "true" : "false")
        }
    }

    /// The cell as a number (NaN if missing or if its text is no number); booleans are 0 and 1.
    public func number(at row: Int) -> Double {
        switch values {
        case .numeric(let numbers): numbers[row]
        case .categorical(let codes, let categories):
            codes[row] < 0 ? .nan : NumberText.number(categories[Int(codes[row])]) ?? .nan
        case .boolean(let flags): flags[row] < 0 ? .nan : Double(flags[row])
        }
    }

    func rows(_ indices: some Collection<Int>) -> TableColumn {
        switch values {
        case .numeric(let numbers):
            TableColumn(name: name, values: .numeric(indices.map { numbers[$0] }))
        case .categorical(let codes, let categories):
            TableColumn(name: name, values: .categorical(codes: indices.map { codes[$0] }, categories: categories))
        case .boolean(let flags):
            TableColumn(name: name, values: .boolean(indices.map { flags[$0] }))
        }
    }
}

/// A value that has the shape of its key.
struct CheckedValue: Sendable {
    enum Content: Sendable {
        case text(String)
        /// Whole numbers, and durations (microseconds), sizes (bytes) and times (microseconds since 1970 UTC).
        case integer(Int64)
        case number(Double)
        case boolean(Bool)
        case list([CheckedValue])
        case table(CheckedTable)
    }

    var content: Content
    var keyPath: String
    var line: Int?
}

/// A table whose keys were checked one by one. A key whose value was wrong is absent, so that checks across keys
/// still run and speak only of what is there.
struct CheckedTable: Sendable {
    var keyPath: String
    var line: Int?
    /// In the order of the key table; properties in the order of the file.
    var entries: [(key: String, value: CheckedValue)]
    /// Keys that are in the file with a wrong value, or misspelt: a problem already, so not missing as well.
    var faultyKeys: Set<String> = []
    /// Keys that are in the file under their right name: not those that have their default.
    var writtenKeys: Set<String> = []

    subscript(_ key: String) -> CheckedValue? { entries.first { $0.key == key }?.value }

    func has(_ key: String) -> Bool { self[key] != nil }

    /// Whether the key is in the file, rightly or not.
    func mentions(_ key: String) -> Bool { has(key) || faultyKeys.contains(key) }

    func text(_ key: String) -> String? {
        if case .text(let text) = self[key]?.content { text } else { nil }
    }

    func integer(_ key: String) -> Int64? {
        if case .integer(let integer) = self[key]?.content { integer } else { nil }
    }

    func number(_ key: String) -> Double? {
        if case .number(let number) = self[key]?.content { number } else { nil }
    }

    func boolean(_ key: String) -> Bool? {
        if case .boolean(let flag) = self[key]?.content { flag } else { nil }
    }

    func list(_ key: String) -> [CheckedValue]? {
        if case .list(let items) = self[key]?.content { items } else { nil }
    }

    func table(_ key: String) -> CheckedTable? {
        if case .table(let table) = self[key]?.content { table } else { nil }
    }

    func texts(_ key: String) -> [String]? {
        list(key)?.compactMap { if case .text(let text) = $0.content { text } else { nil } }
    }

    func tables(_ key: String) -> [CheckedTable] {
        (list(key) ?? []).compactMap { if case .table(let table) = $0.content { table } else { nil } }
    }

    /// A problem at one of its keys, or at the table where the key is absent.
    func problem(at key: String? = nil, _ message: String, suggestion: String? = nil) -> ConfigurationProblem {
        let place = key.flatMap { self[$0] }
        let path = key.map { keyPath.isEmpty ? $0 : "\(keyPath).\($0)" } ?? keyPath
        return ConfigurationProblem(
            keyPath: path, line: place?.line ?? line, message: message, suggestion: suggestion)
    }
}

/// Reads a table that has no problems into plain structs. A key that is absent here has neither been required nor given
/// a default in the key table, which is a mistake of the program and not of the configuration.
struct CheckedReader {
    let table: CheckedTable

    init(_ table: CheckedTable) { self.table = table }

    func text(_ key: String) -> String { present(table.text(key), key) }
    func integer(_ key: String) -> Int64 { present(table.integer(key), key) }
    func count(_ key: String) -> Int { Int(present(table.integer(key), key)) }
    func number(_ key: String) -> Double { present(table.number(key), key) }
    func boolean(_ key: String) -> Bool { present(table.boolean(key), key) }
    func table(_ key: String) -> CheckedReader { CheckedReader(present(table.table(key), key)) }
    func tables(_ key: String) -> [CheckedReader] { table.tables(key).map(CheckedReader.init) }

    func choice<Choice: RawRepresentable<String>>(_ key: String) -> Choice {
        present(Choice(rawValue: text(key)), key)
    }

    private func present<Value>(_ value: Value?, _ key: String) -> Value {
        guard let value else { preconditionFailure("the key table lets \(table.keyPath).\(key) be absent") }
        return value
    }
}

/// Walks a document along the key table and collects every problem.
struct ConfigurationChecker {
    let environment: [String: String]
    private(set) var problems: [ConfigurationProblem] = []

    init(environment: [String: String]) {
        self.environment = environment
    }

    /// - Returns: the value, or `nil` when it is not of the shape; its problems are in `problems` then.
    mutating func check(
        _ node: ConfigurationNode, as shape: ConfigurationShape, at keyPath: String
    ) -> CheckedValue? {
        let content: CheckedValue.Content?
        switch shape {
        case .table(let keys, let rules):
            content = checkTable(node, keys: keys, rules: rules, at: keyPath).map { .table($0) }
        case .properties(let rules):
            content = checkProperties(node, rules: rules, at: keyPath).map { .table($0) }
        case .list(let item, let minimum):
            content = checkList(node, of: item, minimum: minimum, shape: shape, at: keyPath).map { .list($0) }
        default:
            content = checkScalar(node, shape: shape, at: keyPath)
        }
        return content.map { CheckedValue(content: $0, keyPath: keyPath, line: node.line) }
    }

    mutating func report(_ keyPath: String, _ line: Int?, _ message: String, suggestion: String? = nil) {
        problems.append(
            ConfigurationProblem(keyPath: keyPath, line: line, message: message, suggestion: suggestion))
    }

    private mutating func checkTable(
        _ node: ConfigurationNode, keys: [ConfigurationKey], rules: [ConfigurationRule], at keyPath: String
    ) -> CheckedTable? {
        guard let entries = entries(of: node) else {
            let shape = ConfigurationShape.table(keys, rules: [])
            report(keyPath, node.line, "is \(node.inWords); expected \(shape.expectation)")
            return nil
        }
        var table = CheckedTable(keyPath: keyPath, line: node.line, entries: [])
        table.writtenKeys = Set(entries.map(\.key))
        for entry in entries where !keys.contains(where: { $0.name == entry.key }) {
            if let meant = reportUnknown(entry, keys: keys, at: keyPath) { table.faultyKeys.insert(meant) }
        }
        for key in keys {
            let path = join(keyPath, key.name)
            let isWritten = entries.contains { $0.key == key.name }
            if !isWritten, table.faultyKeys.contains(key.name) { continue }
            if let value = check(key, in: entries, of: node, at: path) {
                table.entries.append((key.name, value))
            } else if isWritten {
                table.faultyKeys.insert(key.name)
            }
        }
        problems += rules.flatMap { $0(table) }
        return table
    }

    /// A key that is there, else its default.
    private mutating func check(
        _ key: ConfigurationKey, in entries: [ConfigurationNode.Entry], of node: ConfigurationNode, at path: String
    ) -> CheckedValue? {
        if let entry = entries.first(where: { $0.key == key.name }) {
            if entry.value.isNull, !key.shape.takesNull {
                report(path, entry.line, "has no value; expected \(key.shape.expectation)")
                return nil
            }
            var value = entry.value
            value.line = entry.line ?? value.line
            return check(value, as: key.shape, at: path)
        }
        if let defaultText = key.defaultText {
            guard var value = Self.defaultNode(defaultText) else { return nil }
            value.line = node.line
            return check(value, as: key.shape, at: path)
        }
        if key.isRequired {
            report(path, node.line, "is missing; expected \(key.shape.expectation)")
        }
        return nil
    }

    /// The document that a default's YAML stands for. A test reads every default of the key table.
    static func defaultNode(_ text: String) -> ConfigurationNode? {
        do {
            return try ConfigurationParser.parse(text, keepsLines: false)
        } catch {
            preconditionFailure("the key table holds a default that is no YAML: \(text)")
        }
    }

    private mutating func checkProperties(
        _ node: ConfigurationNode, rules: [ConfigurationRule], at keyPath: String
    ) -> CheckedTable? {
        guard let entries = entries(of: node) else {
            let shape = ConfigurationShape.properties(rules: [])
            report(keyPath, node.line, "is \(node.inWords); expected \(shape.expectation)")
            return nil
        }
        var table = CheckedTable(keyPath: keyPath, line: node.line, entries: [])
        for entry in entries {
            var value = entry.value
            value.line = entry.line ?? value.line
            if let checked = check(value, as: .label, at: join(keyPath, entry.key)) {
                table.entries.append((entry.key, checked))
            }
        }
        problems += rules.flatMap { $0(table) }
        return table
    }

    private mutating func checkList(
        _ node: ConfigurationNode, of item: ConfigurationShape, minimum: Int, shape: ConfigurationShape,
        at keyPath: String
    ) -> [CheckedValue]? {
        guard case .list(let items) = node.content else {
            let isItem = if case .scalar(let text, _) = node.content { text } else { String?.none }
            report(
                keyPath, node.line, "is \(node.inWords); expected \(shape.expectation)",
                suggestion: isItem.map { "[\($0)]" })
            return nil
        }
        guard items.count >= minimum else {
            report(keyPath, node.line, "is an empty list; expected \(shape.expectation)")
            return nil
        }
        let values = items.enumerated().map { check($0.element, as: item, at: "\(keyPath)[\($0.offset)]") }
        return values.compactMap { $0 }
    }

    private func entries(of node: ConfigurationNode) -> [ConfigurationNode.Entry]? {
        if case .table(let entries) = node.content { return entries }
        return node.isNull ? [] : nil
    }

    private func join(_ path: String, _ name: String) -> String {
        path.isEmpty ? name : "\(path).\(name)"
    }

    /// - Returns: the key of this table that was probably meant.
    private mutating func reportUnknown(
        _ entry: ConfigurationNode.Entry, keys: [ConfigurationKey], at keyPath: String
    ) -> String? {
        let names = keys.map(\.name)
        let elsewhere = ConfigurationKeys.paths.first { $0.hasSuffix(".\(entry.key)") }
        let meant = NearestName.nearest(to: entry.key, in: names)
        let suggestion = meant ?? elsewhere
        let hint = suggestion == nil ? "; the keys here are " + names.joined(separator: ", ") : ""
        report(join(keyPath, entry.key), entry.line, "is no known key" + hint, suggestion: suggestion)
        return meant
    }
}

extension ConfigurationShape {
    /// Whether `key:` with nothing behind it stands for an empty table.
    var takesNull: Bool {
        switch self {
        case .table, .properties: true
        default: false
        }
    }
}

/// `--set models[0].window.length=1d`: one key of a document replaced from the command line.
struct ConfigurationOverride {
    private enum Step {
        case key(String)
        case index(Int)
    }

    /// The whole argument's left side.
    private let path: String
    private let steps: [Step]
    private let value: ConfigurationNode

    /// The value is YAML: `4`, `10s`, `[a, b]`, `"text in quotes"`.
    init(_ argument: String) throws(ConfigurationProblem) {
        guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else {
            throw ConfigurationProblem(
                keyPath: argument, line: nil, message: "is no override; expected key=value",
                suggestion: "agent.workers=4")
        }
        path = String(argument[..<equals])
        steps = try Self.steps(of: path)
        do {
            let text = String(argument[argument.index(after: equals)...])
            value = try ConfigurationParser.parse(text, keepsLines: false) ?? .null(line: nil)
        } catch {
            throw ConfigurationProblem(keyPath: path, line: nil, message: "the override's value " + error.message)
        }
    }

    func applied(to root: ConfigurationNode) throws(ConfigurationProblem) -> ConfigurationNode {
        try place(steps[...], in: root, shape: ConfigurationKeys.root)
    }

    private static func steps(of path: String) throws(ConfigurationProblem) -> [Step] {
        var steps: [Step] = []
        for part in path.split(separator: ".", omittingEmptySubsequences: false) {
            let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
            guard let name = pieces.first, !name.isEmpty else {
                throw ConfigurationProblem(
                    keyPath: path, line: nil, message: "is no key path; expected one such as models[0].window.length")
            }
            steps.append(.key(String(name)))
            for piece in pieces.dropFirst() {
                guard piece.hasSuffix("]"), let index = Int(piece.dropLast()), index >= 0 else {
                    throw ConfigurationProblem(
                        keyPath: path, line: nil, message: "has an index that is no whole number in brackets",
                        suggestion: "models[0].window.length")
                }
                steps.append(.index(index))
            }
        }
        return steps
    }

    private func place(
        _ steps: ArraySlice<Step>, in node: ConfigurationNode, shape: ConfigurationShape?
    ) throws(ConfigurationProblem) -> ConfigurationNode {
        guard let step = steps.first else { return value }
        switch step {
        case .key(let name):
            // The names of free properties have dots in them: kafka.properties.security.protocol=ssl.
            if case .properties = shape {
                let whole = steps.map { if case .key(let key) = $0 { key } else { "" } }.joined(separator: ".")
                return try place(steps.suffix(0), under: whole, in: node, shape: nil)
            }
            let next = shape?.keys.first { $0.name == name }?.shape
            return try place(steps.dropFirst(), under: name, in: node, shape: next)
        case .index(let index):
            var items: [ConfigurationNode] = []
            if case .list(let existing) = node.content {
                items = existing
            } else if !node.isNull {
                throw noPlace("list")
            }
            guard index <= items.count else {
                throw ConfigurationProblem(
                    keyPath: path, line: nil, message: "index \(index) is past the end: there are \(items.count)",
                    suggestion: "\(items.count) to add one")
            }
            let item: ConfigurationShape? = if case .list(let item, _) = shape { item } else { nil }
            let old = index < items.count ? items[index] : .null(line: nil)
            let new = try place(steps.dropFirst(), in: old, shape: item)
            if index < items.count { items[index] = new } else { items.append(new) }
            return ConfigurationNode(content: .list(items), line: node.line)
        }
    }

    private func place(
        _ rest: ArraySlice<Step>, under name: String, in node: ConfigurationNode, shape: ConfigurationShape?
    ) throws(ConfigurationProblem) -> ConfigurationNode {
        var entries: [ConfigurationNode.Entry] = []
        if case .table(let existing) = node.content {
            entries = existing
        } else if !node.isNull {
            throw noPlace("table")
        }
        if let position = entries.firstIndex(where: { $0.key == name }) {
            entries[position].value = try place(rest, in: entries[position].value, shape: shape)
            entries[position].line = rest.isEmpty ? nil : entries[position].line
        } else {
            let new = try place(rest, in: .null(line: nil), shape: shape)
            entries.append(.init(key: name, line: nil, value: new))
        }
        return ConfigurationNode(content: .table(entries), line: node.line)
    }

    private func noPlace(_ kind: String) -> ConfigurationProblem {
        ConfigurationProblem(keyPath: path, line: nil, message: "leads through a value that is no \(kind)")
    }
}

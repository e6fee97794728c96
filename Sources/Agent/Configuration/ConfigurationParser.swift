import Yams

/// Reads YAML into `ConfigurationNode`s, within limits.
struct ConfigurationParser {
    /// Bytes of a configuration file.
    static let maximumBytes = 1 << 20
    /// Nodes after aliases were followed: an alias may stand for a large tree many times over.
    static let maximumNodes = 100_000

    /// Whether nodes keep their lines; an override's do not.
    private let keepsLines: Bool
    private var nodeCount = 0

    private init(keepsLines: Bool) {
        self.keepsLines = keepsLines
    }

    /// - Returns: the document, or `nil` for an empty one.
    static func parse(_ text: String, keepsLines: Bool = true) throws(ConfigurationProblem) -> ConfigurationNode? {
        guard text.utf8.count <= maximumBytes else {
            throw ConfigurationProblem(
                keyPath: "", line: nil,
                message: "is larger than \(UnitText.describe(bytes: Int64(maximumBytes))), which no configuration needs"
            )
        }
        let root: Node?
        do {
            root = try compose(yaml: text)
        } catch {
            throw problem(from: error)
        }
        guard let root else { return nil }
        var parser = ConfigurationParser(keepsLines: keepsLines)
        return try parser.convert(root)
    }

    private mutating func convert(_ node: Node) throws(ConfigurationProblem) -> ConfigurationNode {
        nodeCount += 1
        let line = keepsLines ? node.mark?.line : nil
        guard nodeCount <= Self.maximumNodes else {
            throw ConfigurationProblem(
                keyPath: "", line: line, message: "holds more than \(Self.maximumNodes) values, aliases followed")
        }
        switch node {
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain || scalar.style == .any
            return ConfigurationNode(content: .scalar(scalar.string, isPlain: isPlain), line: line)
        case .sequence(let sequence):
            var items: [ConfigurationNode] = []
            for item in sequence { items.append(try convert(item)) }
            return ConfigurationNode(content: .list(items), line: line)
        case .mapping(let mapping):
            var entries: [ConfigurationNode.Entry] = []
            for (key, value) in mapping {
                let keyLine = keepsLines ? key.mark?.line : nil
                guard case .scalar(let name) = key else {
                    throw ConfigurationProblem(keyPath: "", line: keyLine, message: "a key must be a plain word")
                }
                entries.append(.init(key: name.string, line: keyLine, value: try convert(value)))
            }
            return ConfigurationNode(content: .table(entries), line: line)
        case .alias:
            // The composer follows aliases itself; one that it left has no anchor.
            throw ConfigurationProblem(keyPath: "", line: line, message: "names an anchor that is not in the file")
        }
    }

    private static func problem(from error: any Error) -> ConfigurationProblem {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return ConfigurationProblem(
                keyPath: "", line: mark.line, message: "is not valid YAML: \(problem), at column \(mark.column)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            return ConfigurationProblem(
                keyPath: duplicates.first ?? "", line: context.mark.line, message: "the same key is there twice")
        case .reader(let problem, _, _, _):
            return ConfigurationProblem(keyPath: "", line: nil, message: "is not valid YAML: \(problem)")
        default:
            return ConfigurationProblem(keyPath: "", line: nil, message: "is not valid YAML: \(error)")
        }
    }
}

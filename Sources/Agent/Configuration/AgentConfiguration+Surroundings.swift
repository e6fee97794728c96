import KafkaClient
import Storage

/// What only a look beyond the file can tell: the tables that it names, and what librdkafka knows.
extension AgentConfiguration {
    /// Problems that would end a run at its start although the file is right in itself, in the order of the keys.
    func problemsOfSurroundings() -> [ConfigurationProblem] {
        kafka.properties.sorted { $0.key < $1.key }.compactMap { Self.problem(ofProperty: $0.key, value: $0.value) }
            + models.enumerated().flatMap { index, model -> [ConfigurationProblem] in
                guard case .file(let table) = model.reference.source else { return [] }
                return table.problems(at: "models[\(index)].reference")
            }
    }

    private static func problem(ofProperty name: String, value: String) -> ConfigurationProblem? {
        let keyPath = "kafka.properties.\(name)"
        switch KafkaProperty.problem(name: name, value: value) {
        case nil: return nil
        case .unknownName:
            return ConfigurationProblem(
                keyPath: keyPath, line: nil, message: "is no property of librdkafka",
                suggestion: NearestName.nearest(to: name, in: KafkaProperty.names))
        case .badValue(let reason):
            // Values may be secret, and the library repeats them.
            let told = value.isEmpty ? reason : reason.replacing(value, with: "…")
            return ConfigurationProblem(keyPath: keyPath, line: nil, message: "is refused by librdkafka: \(told)")
        }
    }
}

extension ReferenceConfiguration.ReferenceTable {
    /// Opens the table and reads its header; the rows are read when the agent starts.
    fileprivate func problems(at keyPath: String) -> [ConfigurationProblem] {
        do throws(StorageError) {
            guard let first = try firstByte() else {
                return [
                    problem(at: "\(keyPath).file", "\(path) is empty", "a CSV file with a header line, or JSON lines")
                ]
            }
            // Of JSON lines each may have other keys.
            guard first != UInt8(ascii: "{") else { return [] }
            var reader = try CSVReader(path: path)
            var problems = [("target", target), ("prediction", prediction), ("time", time)].compactMap { key, name in
                name.flatMap { missing($0, in: reader.header, at: "\(keyPath).\(key)") }
            }
            if try reader.nextRow() == nil {
                problems.append(
                    problem(
                        at: "\(keyPath).file", "\(path) has a header and no rows",
                        "the rows that the model was trained on"))
            }
            return problems
        } catch {
            return [problem(at: "\(keyPath).file", error.description, nil)]
        }
    }

    private func firstByte() throws(StorageError) -> UInt8? {
        let lines = try LineReader(path: path)
        while let line = try lines.next() {
            if let byte = line.first(where: { $0 != 0x20 && $0 != 0x09 }) { return byte }
        }
        return nil
    }

    private func missing(_ column: String, in header: [String], at keyPath: String) -> ConfigurationProblem? {
        guard !header.contains(column) else { return nil }
        let nearest = NearestName.nearest(to: column, in: header)
        let known = nearest == nil ? "; its columns: " + header.prefix(20).joined(separator: ", ") : ""
        return problem(at: keyPath, "\(path) has no column \"\(column)\"\(known)", nearest)
    }

    private func problem(at keyPath: String, _ message: String, _ suggestion: String?) -> ConfigurationProblem {
        ConfigurationProblem(keyPath: keyPath, line: nil, message: message, suggestion: suggestion)
    }
}

/// The artifact of a model that is made of others: a `ModelContainer` whose payload holds the artifacts of the parts, one
/// after the other, and whose header says how long each is.
struct ArtifactContainer {
    private let container: ModelContainer

    /// - Parameter magic: eight letters.
    init(magic: String) { container = ModelContainer(magic: magic, formatVersion: 1) }

    var magic: String { container.magic }

    private struct Envelope<Header: Codable>: Codable {
        var header: Header
        var partBytes: [Int]
    }

    func pack(_ header: some Codable, parts: [[UInt8]]) throws(LearningError) -> [UInt8] {
        try container.pack(
            header: Envelope(header: header, partBytes: parts.map(\.count)), payload: Array(parts.joined()))
    }

    /// - Throws: `LearningError`: `.corruptModel` for damage, `.unsupportedModel` for another format version.
    func unpack<Header: Codable>(
        _ bytes: [UInt8], as type: Header.Type
    ) throws(LearningError) -> (header: Header, parts: [[UInt8]]) {
        let (envelope, payload) = try container.unpack(bytes, header: Envelope<Header>.self)
        var parts: [[UInt8]] = []
        var rest = payload[...]
        for length in envelope.partBytes {
            guard length >= 0, length <= rest.count else { throw corrupt("a part is longer than the whole") }
            parts.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        guard rest.isEmpty else { throw corrupt("\(rest.count) bytes belong to no part") }
        return (envelope.header, parts)
    }

    func corrupt(_ reason: String) -> LearningError { ModelContainer.corrupt(reason) }
}

import Foundation

/// One state in two files that are written in turn: while the newer one is written, the older one stays whole.
///
/// Each file is `TIDEGEN1`, the generation and the length as 64-bit little-endian numbers, the SHA-256 of generation and
/// content, the content. Several processes may write the same state one after the other: the highest generation counts.
public struct GenerationFiles: Sendable {
    /// What ``GenerationFiles/load(report:)`` found.
    public struct Loaded: Sendable, Equatable {
        /// Larger than that of every state saved before.
        public var generation: Int64
        public var bytes: [UInt8]
    }

    private static let magic = Array("TIDEGEN1".utf8)
    private static let headerLength = 8 + 8 + 8 + 32
    private let path: String

    /// - Parameter path: of the two files without their endings `.0` and `.1`.
    public init(path: String) {
        self.path = path
    }

    /// The newest state that is whole; `nil` where there is none.
    ///
    /// - Parameter report: told of each file that was damaged and passed over, in a sentence.
    /// - Throws: `StorageError`: a file that is there and cannot be read.
    public func load(report: (String) -> Void) throws -> Loaded? {
        var newest: Loaded?
        for name in names where FileManager.default.fileExists(atPath: name) {
            let data: Data
            do {
                data = try Data(contentsOf: URL(fileURLWithPath: name))
            } catch {
                throw StorageError(.ioFailure, error.localizedDescription, path: name)
            }
            guard let found = Self.decode(Array(data)) else {
                report("\(name) is damaged and was passed over")
                continue
            }
            if found.generation > newest?.generation ?? 0 { newest = found }
        }
        return newest
    }

    /// Writes a state durably over the older of the two.
    ///
    /// - Parameter generation: one more than that of the state it follows, 1 for the first.
    /// - Throws: `StorageError`: `full`, `permission`, `ioFailure`; the older states stay as they were.
    public func save(_ bytes: [UInt8], generation: Int64) throws {
        precondition(generation > 0)
        var content = Self.magic
        content.reserveCapacity(Self.headerLength + bytes.count)
        content += Self.littleEndian(generation) + Self.littleEndian(Int64(bytes.count))
        content += ContentDigest.bytes(of: Self.littleEndian(generation) + bytes)
        content += bytes
        try AtomicFile.write(content, to: names[Int(generation % 2)])
    }

    private var names: [String] { [path + ".0", path + ".1"] }

    private static func decode(_ content: [UInt8]) -> Loaded? {
        guard content.count >= headerLength, content.starts(with: magic) else { return nil }
        let number = { (offset: Int) -> Int64 in
            content[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | Int64($1) }
        }
        let generation = number(8)
        let bytes = Array(content[headerLength...])
        guard generation > 0, number(16) == Int64(bytes.count),
            ContentDigest.bytes(of: littleEndian(generation) + bytes).elementsEqual(content[24..<56])
        else { return nil }
        return Loaded(generation: generation, bytes: bytes)
    }

    private static func littleEndian(_ number: Int64) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian, Array.init)
    }
}

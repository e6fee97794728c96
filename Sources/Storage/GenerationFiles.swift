import Foundation

/// One state in two files that are written in turn: while the newer one is written, the older one stays whole.
///
/// Each file is `TIDEGEN1`, the generation and the length as 64-bit little-endian numbers, the SHA-256 of generation and
/// content, the content. Several processes may write the same state one after the other: the highest generation counts.
struct GenerationFiles: Sendable {
    /// A state that was found whole.
    struct Loaded: Sendable, Equatable {
        /// Larger than that of every state saved before.
        var generation: Int64
        var bytes: [UInt8]
    }

    private static let magic = Array("TIDEGEN1".utf8)
    private static let headerLength = 8 + 8 + 8 + 32
    private let path: String

    /// - Parameter path: of the two files without their endings `.0` and `.1`.
    init(path: String) {
        self.path = path
    }

    /// The states that are whole, the newest first.
    ///
    /// - Parameter report: told of each file that was damaged and passed over, in a sentence.
    /// - Throws: `StorageError`: a file that is there and cannot be read.
    func load(report: (String) -> Void) throws -> [Loaded] {
        var found: [Loaded] = []
        for name in names where FileManager.default.fileExists(atPath: name) {
            let data: Data
            do {
                data = try Data(contentsOf: URL(fileURLWithPath: name))
            } catch {
                throw StorageError(.ioFailure, error.localizedDescription, path: name)
            }
            if let whole = Self.decode(Array(data)) {
                found.append(whole)
            } else {
                report("\(name) is damaged and was passed over")
            }
        }
        return found.sorted { $0.generation > $1.generation }
    }

    /// Writes a state durably over the older of the two.
    ///
    /// - Parameter generation: one more than that of the state it follows, 1 for the first.
    /// - Throws: `StorageError`: `full`, `permission`, `ioFailure`; the older states stay as they were.
    func save(_ bytes: [UInt8], generation: Int64) throws {
        precondition(generation > 0)
        var content = Self.magic
        content.reserveCapacity(Self.headerLength + bytes.count)
        content += Self.littleEndian(generation) + Self.littleEndian(Int64(bytes.count))
        content += ContentDigest.bytes(of: Self.littleEndian(generation) + bytes)
        content += bytes
        try AtomicFile.write(content, to: names[Int(generation % 2)])
    }

    /// What the headers of the two files say, whether or not the rest is whole.
    func writtenGenerations() -> [Int64] {
        names.compactMap { name in
            guard let file = try? FileHandle(forReadingFrom: URL(fileURLWithPath: name)) else { return nil }
            defer { try? file.close() }
            guard let header = try? file.read(upToCount: 16), header.count == 16, header.starts(with: Self.magic)
            else { return nil }
            return Self.number(Array(header), at: 8)
        }
    }

    /// Removes what a write that never came to its end has left beside the files.
    func removeUnfinished() {
        let folder = AtomicFile.folder(of: path)
        let prefixes = names.map { ($0.split(separator: "/").last.map(String.init) ?? $0) + ".tmp." }
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        where prefixes.contains(where: name.hasPrefix) {
            try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
    }

    /// Removes the files.
    func remove() {
        for name in names { try? FileManager.default.removeItem(atPath: name) }
    }

    private var names: [String] { [path + ".0", path + ".1"] }

    private static func decode(_ content: [UInt8]) -> Loaded? {
        guard content.count >= headerLength, content.starts(with: magic) else { return nil }
        let generation = number(content, at: 8)
        let bytes = Array(content[headerLength...])
        guard generation > 0, number(content, at: 16) == Int64(bytes.count),
            ContentDigest.bytes(of: littleEndian(generation) + bytes).elementsEqual(content[24..<56])
        else { return nil }
        return Loaded(generation: generation, bytes: bytes)
    }

    private static func number(_ content: [UInt8], at offset: Int) -> Int64 {
        content[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | Int64($1) }
    }

    private static func littleEndian(_ number: Int64) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian, Array.init)
    }
}

import Foundation
import Synchronization

@testable import Storage

/// What a power failure leaves of a folder.
enum SimulatedDisk {
    /// Copies a folder as it is; `tornBytes` more bytes of a write that never came to its end follow in each journal.
    static func copy(_ folder: String, to target: String, tornBytes: Int) throws {
        try FileManager.default.copyItem(atPath: folder, toPath: target)
        for name in try FileManager.default.contentsOfDirectory(atPath: target) {
            if name.hasSuffix("-wal") {
                let file = try FileHandle(forWritingTo: URL(fileURLWithPath: target + "/" + name))
                try file.seekToEnd()
                try file.write(contentsOf: Data((0..<tornBytes).map { UInt8(truncatingIfNeeded: $0 &* 31) }))
                try file.close()
            } else if name.hasSuffix("-shm") {
                // Another process makes its own index of the journal.
                try FileManager.default.removeItem(atPath: target + "/" + name)
            }
        }
    }

    /// What a disk leaves that has said a file is written when it was not: of the newest checkpoint the manifest, or a
    /// segment that no other names, is cut off. The one before stays whole; where there is none, nothing is done.
    ///
    /// - Returns: whether the newest checkpoint is lost.
    static func loseNewest(of checkpoint: String, keeping bytes: Int) throws -> Bool {
        let files = CheckpointFiles(path: checkpoint)
        let whole = try files.manifests.load { _ in }.compactMap { manifest -> (Int64, Set<[UInt8]>)? in
            guard let parts = CheckpointManifest.decode(manifest.bytes, legacyPart: nil) else { return nil }
            let names = parts.values.flatMap(\.segments)
            return names.allSatisfy { (try? files.get($0)) != nil } ? (manifest.generation, Set(names)) : nil
        }
        guard whole.count == 2 else { return false }
        let own = whole[0].1.subtracting(whole[1].1).sorted { $0.lexicographicallyPrecedes($1) }
        let victim =
            own.isEmpty || bytes.isMultiple(of: 2)
            ? "\(checkpoint).\(whole[0].0 % 2)" : files.segments.path(own[bytes % own.count].prefix(32))
        let rest = try Data(contentsOf: URL(fileURLWithPath: victim)).prefix(bytes)
        try rest.write(to: URL(fileURLWithPath: victim))
        return true
    }

    private static let folders = Atomic<Int>(0)

    /// A new folder, in memory where there is such a place: thousands of databases are made and synchronised. Several
    /// tests simulate the same seed at the same time, so the name alone would not do.
    static func makeFolder(_ name: String) throws -> String {
        let root = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm/" : NSTemporaryDirectory()
        let number = folders.add(1, ordering: .relaxed).newValue
        let folder = root + "tidewatch-simulation-\(ProcessInfo.processInfo.processIdentifier)-\(number)-\(name)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return folder
    }
}

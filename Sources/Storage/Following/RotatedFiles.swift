import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A log file and what rotation has made of those before it: `events.jsonl.1`, `events.jsonl.2.gz`,
/// `events.jsonl-20261123`, `events.jsonl.2026-11-23`.
struct RotatedFiles {
    struct Entry {
        var path: String
        var inode: FileInode
        /// When it was last written to, nanoseconds since 1970 UTC.
        var modifiedNanoseconds: Int64
        /// Whether it is the one that is written to.
        var isCurrent: Bool
        /// Of two that were written to at one time the lower one is older: `.2` was `.1` before.
        fileprivate var rank: Int
    }

    /// What changes when a file is written to, created or renamed.
    struct Look: Equatable {
        var inode: FileInode?
        var size: Int64 = 0
        var folderModifiedNanoseconds: Int64 = 0

        init(path: String) {
            var status = stat()
            if stat(path, &status) == 0 { (inode, size) = (FileInode(status), Int64(status.st_size)) }
            let folder = (path as NSString).deletingLastPathComponent
            if stat(folder.isEmpty ? "." : folder, &status) == 0 {
                folderModifiedNanoseconds = status.modifiedNanoseconds
            }
        }
    }

    /// Oldest first; the current file last.
    let entries: [Entry]

    /// - Parameter path: of the current file; it need not be there.
    /// - Throws: `StorageError` where its folder cannot be read.
    init(of path: String) throws(StorageError) {
        let folder = (path as NSString).deletingLastPathComponent
        let base = (path as NSString).lastPathComponent
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)
        } catch {
            throw StorageError(
                FileManager.default.fileExists(atPath: folder) ? .permission : .notFound,
                "its folder cannot be listed, to find what rotation has made of the file", path: path)
        }
        let known = Set(names)
        let relevant = names.filter { name in
            guard name != base else { return true }
            guard name.hasPrefix(base), Self.isRotationSuffix(name.dropFirst(base.count)) else { return false }
            // While a file is being packed both are there, and only one is whole.
            return !(name.hasSuffix(".gz") && known.contains(String(name.dropLast(3))))
        }
        entries = relevant.compactMap { name -> Entry? in
            let path = folder.isEmpty ? name : (folder as NSString).appendingPathComponent(name)
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            let number = Int(name.dropFirst(base.count + 1).prefix(while: \.isNumber))
            return Entry(
                path: path, inode: FileInode(status), modifiedNanoseconds: status.modifiedNanoseconds,
                isCurrent: name == base, rank: number.map { $0 < 10_000 ? -$0 : $0 } ?? 0)
        }.sorted {
            ($0.isCurrent ? 1 : 0, $0.modifiedNanoseconds, $0.rank, $0.path)
                < ($1.isCurrent ? 1 : 0, $1.modifiedNanoseconds, $1.rank, $1.path)
        }
    }

    /// The file that was begun when the one of a place was put aside; where that is gone, the oldest that was written to
    /// later.
    func successor(of place: FilePlace) -> Entry? {
        let copies = entries.indices.filter { place.file.matches(path: entries[$0].path) }
        guard let index = copies.first(where: { entries[$0].inode == place.file.inode }) ?? copies.last else {
            return entries.first { $0.isCurrent || $0.modifiedNanoseconds > place.modifiedNanoseconds }
        }
        return entries[(index + 1)...].first
    }

    /// `.1`, `.2.gz`, `-20261123`: a digit after a dot or a dash.
    private static func isRotationSuffix(_ suffix: Substring) -> Bool {
        guard let first = suffix.first, first == "." || first == "-" else { return false }
        return suffix.dropFirst().first?.isNumber ?? false
    }
}

extension stat {
    var modifiedNanoseconds: Int64 {
        #if canImport(Glibc)
            Int64(st_mtim.tv_sec) * 1_000_000_000 + Int64(st_mtim.tv_nsec)
        #else
            Int64(st_mtimespec.tv_sec) * 1_000_000_000 + Int64(st_mtimespec.tv_nsec)
        #endif
    }
}

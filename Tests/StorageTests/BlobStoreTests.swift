import Foundation
import Testing

@testable import Storage

struct BlobStoreTests {
    @Test func whatIsStoredIsReadUnderItsDigest() throws {
        let folder = try TemporaryFolder()
        let store = try BlobStore(directory: folder.file("blobs/deep"))
        for content in [Array("abc".utf8), [], [UInt8](repeating: 7, count: 1_000_000)] {
            let digest = try store.put(content)
            #expect(try store.put(content) == digest)
            #expect(store.contains(digest))
            #expect(try BlobStore(directory: folder.file("blobs/deep")).get(digest) == content)
        }
        // FIPS 180-4, SHA-256 of "abc".
        #expect(store.contains("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"))
    }

    @Test func aDamagedBlobIsRefusedAndHealedByPuttingItAgain() throws {
        let folder = try TemporaryFolder()
        let store = try BlobStore(directory: folder.path)
        let content = [UInt8](0...255)
        let digest = try store.put(content)
        try overwrite(store.path(of: digest), at: 100, with: [0])
        let error = #expect(throws: StorageError.self) { try store.get(digest) }
        #expect(error?.code == .corrupt && error?.path == store.path(of: digest) && error?.isRetryable == false)
        #expect(try store.put(content) == digest)
        #expect(try store.get(digest) == content)
    }

    @Test func anUnknownDigestIsNotFound() throws {
        let store = try BlobStore(directory: try TemporaryFolder().path)
        let digest = String(repeating: "0", count: 64)
        #expect(!store.contains(digest))
        #expect(#expect(throws: StorageError.self) { try store.get(digest) }?.code == .notFound)
    }

    @Test(arguments: ["", "../../etc/passwd", String(repeating: "G", count: 64), String(repeating: "A", count: 64)])
    func whatIsNoDigestNeverBecomesAPath(_ text: String) throws {
        let store = try BlobStore(directory: try TemporaryFolder().path)
        #expect(!store.contains(text))
        #expect(#expect(throws: StorageError.self) { try store.get(text) }?.code == .malformed)
    }

    @Test func aFileInTheFoldersPlaceIsReported() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write([1], to: folder.file("blobs"))
        #expect(throws: StorageError.self) { try BlobStore(directory: folder.file("blobs")) }
        #expect(throws: StorageError.self) { try BlobStore(directory: folder.file("blobs/sub")) }
    }
}

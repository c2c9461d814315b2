import Foundation
import TestSupport
import Testing

/// ArchitectureTests: the arrows between the rooms, read from the import lines and from the manifest.
///
/// They fail with the file and line that broke a rule, so that the message is enough to mend it.
@Suite struct ArchitectureTests {
    let sources = SourceText.sources
    let manifest = Manifest()

    @Test("a room imports only what the table allows it", arguments: RoomTable.rooms)
    func imports(_ room: Room) {
        let companions = room.mayImport.compactMap { RoomTable.companions[$0] }
        let allowed = room.mayImport.union(companions)
            .union(room.kind.isPure ? RoomTable.pureToolchainModules : RoomTable.toolchainModules)
        for file in sources where file.room == room.name {
            for module in file.imports where !allowed.contains(module.text) {
                if module.text == "Glibc", RoomTable.glibcReasons[room.name] != nil { continue }
                Issue.record("\(file.path):\(module.line): \(room.name) may not import \(module.text)")
            }
        }
    }

    @Test("an outside library has one way in")
    func soleImporters() {
        for file in sources {
            for module in file.imports {
                guard let rooms = RoomTable.soleImporters[module.text], !rooms.contains(file.room) else { continue }
                Issue.record("\(file.path):\(module.line): only \(rooms.sorted()) may import \(module.text)")
            }
        }
    }

    @Test("some imports belong to one command")
    func fileImports() {
        for file in sources {
            for module in file.imports {
                guard let files = RoomTable.fileImports[file.room]?[module.text], !files.contains(file.name) else {
                    continue
                }
                Issue.record("\(file.path):\(module.line): only \(files.sorted()) may import \(module.text)")
            }
        }
    }

    @Test("the manifest and the table say the same", arguments: RoomTable.rooms)
    func manifestAgrees(_ room: Room) throws {
        let declared = try #require(manifest.dependencies[room.name], "Package.swift has no target \(room.name)")
        #expect(declared == room.mayImport, "dependencies of \(room.name) in Package.swift, and in RoomTable.swift")
    }

    @Test("the table knows every folder of Sources, and every target of the manifest is in it")
    func tableIsComplete() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Checkout.root.appending(path: "Sources").path)
        let known = Set(RoomTable.rooms.map(\.name))
        #expect(Set(folders.filter { !$0.hasPrefix(".") }) == known)
        #expect(manifest.targets.subtracting(RoomTable.workshop) == known)
    }

    @Test("the arrows go one way")
    func noCycles() {
        var settled: Set<String> = []
        var waiting = RoomTable.rooms
        while true {
            let names = Set(RoomTable.rooms.map(\.name))
            let free = waiting.filter { $0.mayImport.intersection(names).isSubset(of: settled) }
            if free.isEmpty { break }
            settled.formUnion(free.map(\.name))
            waiting.removeAll { settled.contains($0.name) }
        }
        #expect(waiting.map(\.name).isEmpty, "these rooms know each other in a circle")
    }

    @Test("a pure room knows no shell and no top")
    func pureStaysPure() {
        let outer = Set(RoomTable.rooms.filter { $0.kind == .shell || $0.kind == .top }.map(\.name))
        for room in RoomTable.rooms where room.kind.isPure {
            #expect(room.mayImport.isDisjoint(with: outer.union(["Logging"])), "\(room.name)")
        }
    }

    @Test(
        "the file named after a room opens like a manual page",
        arguments: RoomTable.rooms.filter { $0.kind != .foreign && $0.name != "postroom" })
    func frontDoor(_ room: Room) throws {
        let files = sources.filter { $0.room == room.name }
        let front = files.first { $0.name.lowercased() == room.name.lowercased() + ".swift" }
        let door = try #require(front, "Sources/\(room.name) has no \(room.name).swift")
        let comment = door.lines.drop { !$0.hasPrefix("//") }.prefix { $0.hasPrefix("//") }
        #expect(comment.count >= 3, "\(door.path) does not say what goes in, what comes out and what can go wrong")
    }

    @Test("the program itself fits on a screen")
    func program() throws {
        let files = sources.filter { $0.room == "postroom" }
        #expect(files.map(\.name) == ["main.swift"])
        #expect(files.allSatisfy { $0.lines.count <= 50 })
    }
}

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import jdk.internal.org.objectweb.asm.ClassReader;
import jdk.internal.org.objectweb.asm.ClassVisitor;
import jdk.internal.org.objectweb.asm.ClassWriter;
import jdk.internal.org.objectweb.asm.MethodVisitor;
import jdk.internal.org.objectweb.asm.Opcodes;

/**
 * Makes the wall clock of the WebSocket source movable within a real worker, and no other clock: as
 * its classes are loaded, their calls of System.currentTimeMillis() become calls of {@link
 * MovableClock#millis()}. The agent's argument is the file to follow.
 */
public final class ClockAgent {

  private static final String SOURCE = "org/ratehouse/connect/websocket/";

  private ClockAgent() {}

  public static void premain(String file, Instrumentation instrumentation) {
    MovableClock.follow(Path.of(file));
    instrumentation.addTransformer(
        new ClassFileTransformer() {
          @Override
          public byte[] transform(
              ClassLoader loader,
              String name,
              Class<?> redefined,
              ProtectionDomain domain,
              byte[] classFile) {
            return name != null && name.startsWith(SOURCE) ? redirected(classFile) : null;
          }
        });
  }

  private static byte[] redirected(byte[] classFile) {
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM8, writer) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String type, String signature, String[] exceptions) {
                return new Redirection(
                    super.visitMethod(access, name, type, signature, exceptions));
              }
            },
            0);
    return writer.toByteArray();
  }

  private static final class Redirection extends MethodVisitor {

    Redirection(MethodVisitor next) {
      super(Opcodes.ASM8, next);
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String type, boolean ofInterface) {
      boolean asksTheTime = owner.equals("java/lang/System") && name.equals("currentTimeMillis");
      if (asksTheTime) {
        super.visitMethodInsn(opcode, "MovableClock", "millis", type, false);
      } else {
        super.visitMethodInsn(opcode, owner, name, type, ofInterface);
      }
    }
  }
}
